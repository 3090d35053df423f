"""The writer's desk in a real browser, with and without a script: check a list, by paste and by file."""

import re
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
def test_axe_finds_nothing_in_a_checked_list(open_page: OpenPage, scheme: str) -> None:
    for more in ({}, {"viewport": PHONE}):
        options: dict[str, Any] = {"color_scheme": scheme, "reduced_motion": "reduce", **more}
        page = open_page("/check", **options)
        _checked(page)
        found = Axe().run(page)
        assert not found.response["violations"], found.generate_report()
