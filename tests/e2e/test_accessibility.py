"""axe-core on every page, light and dark, wide and narrow: no violation."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.conftest import DESK, PHONE, OpenPage

PAGES = {
    "welcome": "/",
    "answer": "/?query=does+magnesium+prevent+night+cramps",
    "filtered": "/?query=vitamin+K&study_type=RCT&year_from=2010&integrity=exclude",
    "weak": "/?query=best+exercises+for+plantar+fasciitis",
    "nothing": "/?query=vitamin+K&year_to=1001",
    "fault": "/?query=vitamin+K&limit=0",
    "retracted": "/?query=Sato+menatetrenone+Parkinson+fractures",
    "article": "/sources/article:vitamin-k-bone-after-retractions",
    "study": "/sources/10.1093/jn/134.11.3100",
    "retracted study": "/sources/10.1001/jama.293.9.1082",
    "unknown": "/sources/article:nocturnal-leg-cramp",
    "library": "/library",
    "report": "/report",
    "list": "/list?id=10.1001/jama.293.9.1082&id=article:nocturnal-leg-cramps",
    "empty list": "/list",
    "check": "/check",
    "cite": "/cite",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(open_page: OpenPage, name: str, scheme: str) -> None:
    for viewport in (DESK, PHONE):
        options: dict[str, Any] = {"color_scheme": scheme, "viewport": viewport, "reduced_motion": "reduce"}
        page = open_page(PAGES[name], **options)
        for details in page.locator("details").all():
            details.evaluate("e => { e.open = true; }")
        found = Axe().run(page)
        assert not found.response["violations"], found.generate_report()
        page.context.close()
