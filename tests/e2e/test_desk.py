"""The writer's desk in a real browser, with and without a script: cite a draft, check a list."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, OpenPage, serve

_REFERENCES = """\
Geleijnse JM, et al. Dietary intake of menaquinone is associated with a reduced risk of coronary heart \
disease: the Rotterdam Study. J Nutr. 2014;134(11):3100-5. doi:10.1093/jn/134.11.3100
Sato Y, et al. Effect of folate and mecobalamin on hip fractures in patients with stroke. JAMA 2005. \
doi:10.1001/jama.293.9.1082
Smith J. A study of teapots that nobody has. Journal of Teapots. 2011;1:1-2.
"""
_VERDICTS = ["Differs from the record", "Retracted", "Not in this library"]
_RIS = "TY  - JOUR\nTI  - Dietary intake of menaquinone\nDO  - 10.1093/jn/134.11.3100\nER  - \n"

_KNAPEN = (
    "A randomised trial found that menaquinone-7 slows arterial stiffness in healthy postmenopausal women."
)
_DRAFT = f"{_KNAPEN} Should everyone take it?\n\nMagnesium reduces night cramps in older adults.\n"


def _cited(page: Page) -> None:
    page.get_by_label("Paste a draft").fill(_DRAFT)
    page.get_by_role("button", name="Find sources").click()
    expect(page.locator(".claim")).to_have_text([_KNAPEN, "Magnesium reduces night cramps in older adults."])


def _saved(page: Page, folder: Path) -> str:
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the draft").click()
    saved.value.save_as(folder / "draft")
    return (folder / "draft").read_text("utf-8")


@pytest.mark.parametrize("script", [True, False])
def test_a_draft_is_cited_with_and_without_a_script(
    open_page: OpenPage, tmp_path: Path, script: bool
) -> None:
    page = open_page("/cite", java_script_enabled=script)
    _cited(page)
    assert f"{_KNAPEN[:-1]} (Knapen et al., 2015). Should" in _saved(page, tmp_path)
    page.locator("#f1 input").first.uncheck()
    page.locator("#f2 input").first.check()
    changed = _saved(page, tmp_path)
    assert _KNAPEN in changed
    assert re.search(r"older adults \([^()]+, \d{4}\)\.", changed)


def test_what_is_ticked_stands_in_the_draft_at_once(open_page: OpenPage) -> None:
    page = open_page("/cite")
    _cited(page)
    expect(page.locator("[data-put='1']")).to_have_text(" (Knapen et al. 2015)")
    expect(page.locator("[data-accepted]")).to_contain_text("1 citation accepted")
    page.locator("#f1 input").first.uncheck()
    expect(page.locator("[data-put='1']")).to_have_text("")
    expect(page.locator("[data-accepted]")).to_contain_text("No citations accepted")


def test_a_sentence_and_what_was_found_point_at_each_other(open_page: OpenPage) -> None:
    page = open_page("/cite")
    _cited(page)
    page.locator("#f2").hover()
    expect(page.locator("#s2")).to_have_class(re.compile(r"\bon\b"))
    page.locator(".paper .to").first.click()
    expect(page).to_have_url(re.compile("#f1$"))


def test_the_cited_draft_is_copied(open_page: OpenPage) -> None:
    page = open_page("/cite")
    _cited(page)
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("[data-said]")).to_have_text("Draft with citations copied")
    assert "(Knapen et al., 2015)" in str(page.evaluate("navigator.clipboard.readText()"))


def _checked(page: Page) -> None:
    page.get_by_label("Paste a reference list").fill(_REFERENCES)
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".entry .verdict strong")).to_have_text(_VERDICTS)


@pytest.mark.parametrize("script", [True, False])
def test_a_list_is_checked_with_and_without_a_script(open_page: OpenPage, script: bool) -> None:
    page = open_page("/check", java_script_enabled=script)
    _checked(page)
    expect(page.locator("#e2 .warning")).to_contain_text("RETRACTED: this publication was retracted")
    expect(page.locator("#e1 .differences")).to_contain_text("2014")
    page.locator("#e2 .work a").click()
    expect(page.locator(".notice.retracted")).to_be_visible()


def test_a_dropped_file_is_checked(open_page: OpenPage) -> None:
    page = open_page("/check")
    page.locator("#references").evaluate(
        """(field, text) => {
          const files = new DataTransfer();
          files.items.add(new File([text], 'mine.ris'));
          const options = { dataTransfer: files, bubbles: true, cancelable: true };
          field.dispatchEvent(new DragEvent('drop', options));
        }""",
        _RIS,
    )
    expect(page.locator("main")).to_contain_text("Read as RIS from mine.ris")


def test_the_works_found_become_a_list_that_is_exported(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("/check")
    _checked(page)
    page.get_by_role("button", name=re.compile("^The 2 works")).click()
    expect(page.locator(".kept > li")).to_have_count(2)
    for name, suffix in (("BibTeX", "bib"), ("RIS", "ris"), ("CSL-JSON", "json"), ("Word", "docx")):
        with page.expect_download() as saved:
            page.get_by_role("button", name=name, exact=True).click()
        assert saved.value.suggested_filename == f"footnote.{suffix}"
        saved.value.save_as(tmp_path / suffix)
        assert (tmp_path / suffix).stat().st_size > 100


def test_what_was_pasted_outlives_a_server_that_is_gone(open_page: OpenPage, starter_index: Path) -> None:
    server = serve(starter_index)
    page = open_page("/check")
    page.goto(f"{server.address}/check")
    page.get_by_label("Paste a reference list").fill(_REFERENCES)
    server.stop()
    page.get_by_role("button", name="Check").click()
    expect(page.locator("[data-state]")).to_contain_text("The server does not answer")
    assert page.locator("#references").input_value() == _REFERENCES


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("path", "done"), [("/check", _checked), ("/cite", _cited)])
def test_axe_finds_nothing_in_what_the_desk_answers(
    open_page: OpenPage, scheme: str, path: str, done: Callable[[Page], None]
) -> None:
    for more in ({}, {"viewport": PHONE}):
        options: dict[str, Any] = {"color_scheme": scheme, "reduced_motion": "reduce", **more}
        page = open_page(path, **options)
        done(page)
        for details in page.locator("details").all():
            details.evaluate("e => { e.open = true; }")
        found = Axe().run(page)
        assert not found.response["violations"], found.generate_report()
