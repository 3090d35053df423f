"""Opening a source at its passage, following citations, copying, keeping, by mouse and by keyboard."""

import re

from playwright.sync_api import Page, expect

from search_api.search import Searcher
from tests.e2e.conftest import PHONE, OpenPage

_CRAMPS = "/?query=does+magnesium+prevent+night+cramps&kind=article"
_SATO = "10.1001/jama.293.9.1082"


def _clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def _in_view(page: Page, selector: str) -> bool:
    return bool(
        page.locator(selector).first.evaluate(
            "e => { const b = e.getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight; }"
        )
    )


def test_a_result_opens_its_source_at_the_passage_with_it_marked(open_page: OpenPage) -> None:
    page = open_page(_CRAMPS)
    quote = page.locator(".result blockquote").nth(1).text_content()
    page.locator(".result h3 a").nth(1).click()
    expect(page).to_have_url(re.compile(r"/sources/article:nocturnal-leg-cramps\?passage=\w{20}#p-\w{20}$"))
    assert "".join(page.locator(".text mark").all_text_contents()) == quote
    assert _in_view(page, ".text mark")


def test_a_citation_in_the_text_leads_to_its_study_and_back_to_who_cites_it(open_page: OpenPage) -> None:
    page = open_page("/sources/article:vitamin-k-bone-after-retractions")
    page.locator(".mention.retracted").first.click()
    expect(page.locator(".notice.retracted")).to_contain_text("RETRACTED: this publication was retracted")
    page.locator(".cited-by a").first.click()
    assert _in_view(page, ".text mark")
    expect(page.locator(".text mark").first).to_contain_text("retracted", ignore_case=True)


def test_on_a_phone_a_retracted_study_stays_in_the_margin_of_the_text(open_page: OpenPage) -> None:
    page = open_page("/sources/article:vitamin-k-bone-after-retractions", viewport=PHONE)
    expect(page.locator(".notes li.retracted").first).to_be_visible()
    expect(page.locator(".notes li.none-known").first).to_be_hidden()


def test_a_copied_quote_has_its_warning_its_words_its_citation_and_its_address(
    open_page: OpenPage, searcher: Searcher
) -> None:
    page = open_page("/?query=Sato+menatetrenone+Parkinson+fractures")
    page.locator("[data-copy=quote]").first.click()
    expect(page.locator("[data-said]")).to_have_text("Quote with its citation copied")
    lines = _clipboard(page).splitlines()
    assert lines[0].startswith("RETRACTED: this publication was retracted")
    assert lines[1] == f"“{page.locator('.result blockquote').first.text_content()}”"
    assert lines[2] == "(Summary of the study's record, not the authors' words)"
    assert lines[3] == page.locator(".result .citation").first.text_content()
    assert lines[4] == page.locator(".result h3 a").first.evaluate("a => a.href")


def test_what_is_selected_inside_a_quote_is_what_is_copied(open_page: OpenPage) -> None:
    page = open_page(_CRAMPS)
    page.locator(".result blockquote mark").first.evaluate("e => getSelection().selectAllChildren(e)")
    page.locator("[data-copy=quote]").first.click()
    marked = page.locator(".result blockquote mark").first.text_content()
    assert _clipboard(page).splitlines()[0] == f"“{marked}”"


def test_a_style_once_chosen_is_used_on_the_next_page_and_copied(open_page: OpenPage) -> None:
    page = open_page("/?query=menaquinone+and+coronary+heart+disease&kind=study")
    page.get_by_label("Citation style").select_option("vancouver")
    expect(page.locator(".citation").first).to_contain_text(re.compile(r"^[\w-]+ [A-Z]{1,3}, "))
    page.goto(page.url.split("/?")[0] + "/sources/10.1093/jn/134.11.3100")
    expect(page.locator(".cite .citation")).to_contain_text("Geleijnse JM, Vermeer C")
    page.locator("[data-copy=citation]").click()
    assert _clipboard(page).startswith("Geleijnse JM, Vermeer C")


def test_what_is_kept_is_counted_survives_a_reload_and_makes_the_list(open_page: OpenPage) -> None:
    page = open_page(_CRAMPS.replace("article", "study"))
    keep = page.locator("[data-keep]")
    keep.nth(0).click()
    keep.nth(1).click()
    expect(keep.nth(0)).to_have_text("Kept")
    expect(page.locator("[data-list-count]")).to_have_text("2")
    titles = page.locator(".result h3").all_text_contents()[:2]
    page.reload()
    expect(keep.nth(1)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("link", name="Reading list").click()
    expect(page.locator(".kept h2")).to_have_text(titles)
    page.locator(".kept [data-keep]").first.click()
    expect(page.locator("[data-list-count]")).to_have_text("1")
    page.reload()
    expect(page.locator(".kept h2")).to_have_text(titles[1:])


def test_a_list_can_be_shared_by_its_address(open_page: OpenPage) -> None:
    page = open_page(f"/list?id={_SATO}&id=article:nocturnal-leg-cramps&id=gone")
    expect(page.locator(".kept > li").first).to_have_class("retracted")
    expect(page.locator(".notice")).to_contain_text("No longer in this library: gone.")


def test_the_keyboard_alone_asks_moves_and_copies(open_page: OpenPage) -> None:
    page = open_page(_CRAMPS)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("article.at h3")).to_have_text(page.locator(".result h3").nth(1).text_content() or "")
    page.keyboard.press("k")
    page.keyboard.press("c")
    expect(page.locator("[data-said]")).to_have_text("Quote with its citation copied")
    assert (page.locator(".result blockquote").first.text_content() or "") in _clipboard(page)
    page.keyboard.press("/")
    expect(page.locator("#query")).to_be_focused()
    page.keyboard.type("jck")
    assert page.locator("#query").input_value() == "jck"
    page.keyboard.press("Escape")
    expect(page.locator("#query")).not_to_be_focused()


def test_the_skip_link_is_the_first_stop_and_leads_to_the_text(open_page: OpenPage) -> None:
    page = open_page("/sources/article:nocturnal-leg-cramps")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the text")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_map_is_walked_with_arrows_and_opens_a_passage(open_page: OpenPage) -> None:
    page = open_page("/library")
    page.get_by_role("link", name="Closer").click()
    expect(page).to_have_url(re.compile(r"zoom=2"))
    page.locator("[data-map] a:has(circle)").first.focus()
    page.keyboard.press("ArrowRight")
    title = page.locator(":focus title").text_content()
    expect(page.locator("[data-under]")).to_have_text(title or "")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/sources/.*\?passage="))
    assert _in_view(page, ".text mark")
