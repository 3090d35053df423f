"""The same with JavaScript off: ask, filter, open, follow, choose a style; nothing dead is offered."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import OpenPage

_OFF = {"java_script_enabled": False}


def test_asking_filtering_reading_and_following_need_no_script(open_page: OpenPage) -> None:
    page = open_page("/", **_OFF)
    page.locator("#query").fill("retracted trial of vitamin K in Parkinson disease")
    page.locator("#query").press("Enter")
    expect(page.locator(".warning").first).to_contain_text("CITES A RETRACTED STUDY")
    page.locator(".facet").get_by_role("link", name=re.compile("Articles")).click()
    expect(page.locator(".chips")).to_contain_text("articles")
    page.locator(".behind summary").first.click()
    expect(page.locator(".behind li").first).to_be_visible()
    page.locator(".result h3 a").first.click()
    expect(page.locator(".text mark").first).to_be_visible()
    page.locator(".mention.retracted").first.click()
    expect(page.locator(".notice.retracted")).to_contain_text("RETRACTED")
    page.locator(".cited-by a").first.click()
    expect(page.locator(".text mark").first).to_be_visible()


def test_years_and_style_are_set_with_a_button(open_page: OpenPage) -> None:
    page = open_page("/?query=vitamin+K&kind=study", **_OFF)
    page.locator("#year-from").fill("2015")
    page.get_by_role("button", name="Set").click()
    expect(page.locator(".chips")).to_contain_text("since 2015")
    page.locator("#style").select_option("vancouver")
    page.get_by_role("button", name="Use").click()
    expect(page).to_have_url(re.compile("style=vancouver"))
    expect(page.locator(".chips")).to_contain_text("since 2015")
    page.locator(".result h3 a").first.click()
    expect(page.locator("#style")).to_have_value("vancouver")


def test_controls_that_need_a_script_are_not_shown(open_page: OpenPage) -> None:
    page = open_page("/?query=vitamin+K", **_OFF)
    expect(page.locator("[data-copy=quote]").first).to_be_hidden()
    expect(page.locator("[data-keep]").first).to_be_hidden()
    expect(page.locator(".keys")).to_be_hidden()
    page.goto(page.url.split("/?")[0] + "/list")
    expect(page.locator("main")).to_contain_text("needs a script, which is off")


def test_the_quote_and_its_citation_stand_there_to_be_selected(open_page: OpenPage) -> None:
    page = open_page("/?query=Sato+menatetrenone+Parkinson+fractures", **_OFF)
    first = page.locator(".result").first
    assert first.locator("blockquote").inner_text()
    assert "RETRACTED" in first.locator("> article > .citation").inner_text()
