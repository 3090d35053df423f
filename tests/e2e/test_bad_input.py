"""What goes wrong looks deliberate: hostile text, unknown addresses, an index replaced, a server gone."""

import json
import re
import shutil
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from indexer.build import build
from search_api.app import create_app
from search_api.settings import Settings
from tests.conftest import STARTER
from tests.e2e.conftest import PHONE, OpenPage, serve

_ODD = {
    "script": "<script>document.title='owned'</script><img src=x onerror=alert(1)> vitamin K",
    "sql": "vitamin K'; DROP TABLE sources; --",
    "arabic": "هل يفيد فيتامين ك2 الدورة الدموية في الساقين؟ vitamin K2",
    "hebrew": "האם ויטמין K2 מועיל",
    "emoji": "🦵🏽 night cramps 🙏 magnesium?",
    "long": "vitamin K2 and the calcification of arteries " * 44,
    "one word": "vitamin" + "k" * 1990,
}


def _no_sideways_scroll(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize("kind", _ODD)
def test_odd_text_is_text(open_page: OpenPage, kind: str) -> None:
    page = open_page("/", viewport=PHONE)
    page.locator("#query").fill(_ODD[kind][:2000])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("query="))
    expect(page.locator(".result, .notice").first).to_be_visible()
    assert "owned" not in page.title().replace(_ODD["script"], "").split(" - ")[-1]
    assert page.locator("#answer script, #answer img").count() == 0
    assert page.locator("#query").input_value() == _ODD[kind][:2000]
    assert _no_sideways_scroll(page)


@pytest.mark.parametrize(
    "field", ["kind", "study_type", "container", "integrity", "year_from", "style", "limit"]
)
def test_hostile_values_in_any_parameter_are_told_as_text(open_page: OpenPage, field: str) -> None:
    page = open_page(f"/?query=vitamin+K&{field}=%22%3E%3Cscript%3Ealert(1)%3C/script%3E'--", viewport=PHONE)
    expect(page.locator(".notice").first).to_be_visible()
    assert page.locator("#answer script").count() == 0
    assert _no_sideways_scroll(page)


def test_an_unknown_parameter_is_named_and_can_be_left_out(open_page: OpenPage) -> None:
    page = open_page("/?query=night+cramps&utm_source=letter")
    expect(page.locator(".notice.fault")).to_contain_text("utm_source")
    page.get_by_role("link", name="Search without it").click()
    expect(page.locator(".result").first).to_be_visible()
    assert page.url.endswith("/?query=night+cramps")


def test_an_unknown_source_gets_the_nearest_titles(open_page: OpenPage) -> None:
    page = open_page("/sources/article:nocturnal-leg-cramp")
    expect(page.locator("h1")).to_have_text("Not in this library")
    page.locator(".near a").first.click()
    expect(page.locator("h1")).to_have_text("Leg cramps at night: what has been tested")


def test_a_passage_that_is_gone_is_said_and_the_text_is_there(open_page: OpenPage) -> None:
    page = open_page("/sources/article:nocturnal-leg-cramps?passage=00000000000000000000")
    expect(page.locator(".notice.weak")).to_contain_text("is not in this text")
    expect(page.locator(".text p").first).to_be_visible()


def _moved_to(address: str, generation: str) -> None:
    """Wait until a server answers from a generation; a busy one may take its time to open it."""
    for _ in range(300):
        with urllib.request.urlopen(f"{address}/v1/index") as answer:
            if json.load(answer)["index_version"].startswith(generation):
                return
        time.sleep(0.1)
    raise AssertionError(f"{address} does not answer from {generation} after 30 s")


def test_an_index_replaced_while_someone_reads_is_not_noticed(
    browser: Browser, starter_index: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    shutil.copytree(starter_index, index)
    server = serve(index)
    context = browser.new_context()
    try:
        page = context.new_page()
        page.goto(f"{server.address}/?query=night+cramps")
        first = page.locator(".result h3").first.text_content()
        build(index, [STARTER, _library_of_one(tmp_path)])
        _moved_to(server.address, "000002")
        page.locator("#query").press("End")
        page.keyboard.type(" in older adults")
        expect(page.locator(".made")).to_contain_text("000002")
        page.go_back()
        expect(page.locator(".result h3").first).to_have_text(first or "")
    finally:
        context.close()
        server.stop()


def test_a_server_gone_while_typing_is_said_and_found_again(browser: Browser, starter_index: Path) -> None:
    server = serve(starter_index)
    context = browser.new_context()
    try:
        page = context.new_page()
        page.goto(f"{server.address}/?query=warfarin")
        server.stop()
        page.locator("#query").fill("night cramps")
        state = page.locator("[data-state]")
        expect(state).to_contain_text("The server does not answer. Trying again in 1 s.")
        expect(state).to_contain_text("Below is still the earlier answer")
        expect(page.locator(".result").first).to_be_visible()
        assert page.locator("#query").input_value() == "night cramps"
        server = serve(starter_index, server.port)
        expect(page.locator(".result").first).to_contain_text("cramps", timeout=20_000)
        expect(state).not_to_contain_text("does not answer")
    finally:
        context.close()
        server.stop()


def test_without_a_usable_index_the_page_says_so(tmp_path: Path) -> None:
    client = create_app(Settings(index=tmp_path / "none")).test_client()
    answer = client.get("/", headers={"Accept": "text/html"})
    assert answer.status_code == 503
    assert "cannot be used at the moment" in answer.get_data(as_text=True)


def _library_of_one(folder: Path) -> Path:
    article = folder / "more" / "stairs.md"
    article.parent.mkdir()
    article.write_text(
        "---\ntitle: Stairs\nslug: stairs\n---\n\n## Climbing\n\nStairs are climbed on foot.\n", "utf-8"
    )
    return article.parent
