"""Made-up requests, good and bad, against the description of the API: no crash, no undocumented answer.

schemathesis makes the requests from ``/openapi.json`` and does all of its checks on the answers. What a
schema cannot say (that a question must hold words, that an id must be known) it is told by the formats below.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode

from search_api.app import create_app
from search_api.openapi.document import openapi_document
from search_api.settings import Settings
from tests.conftest import STARTER

_EXAMPLES = 15

_QUESTIONS = [
    str(json.loads(line)["question"])
    for line in (STARTER / "questions.jsonl").read_text("utf-8").splitlines()[:30]
]
_STYLES = ["apa", "vancouver", "nature", "chicago-author-date"]
for _name, _values in {
    "question": _QUESTIONS,
    "study-type": ["RCT", "cohort", "meta-analysis"],
    "citation-style": _STYLES,
    "source-id": ["kakkos2018", "10.1093/jn/134.11.3100", "article:nocturnal-leg-cramps"],
    "field": ["passage", "passage.text", "source.citation", "cites.source.id"],
    "draft": ["Menaquinone intake was linked to less coronary heart disease. Stir well."],
    "file-name": ["new.ris", "a record.json", "an-article.md"],
    "source-file": [
        "TY  - JOUR\nTI  - Zinc lozenges for the common cold\nDO  - 10.1000/zinc\nER  - \n",
        "@article{n, title = {Zinc lozenges}, year = {2021}, doi = {10.1000/zinc}}",
    ],
    "reference-list": ["Kakkos SK. Efficacy of Ruscus. Int Angiol 2018;37:1.", "1. A\n2. B"],
}.items():
    schemathesis.openapi.format(_name, st.sampled_from(_values))


_APP = create_app(Settings())
_OPERATIONS = [
    (path, method) for path, methods in openapi_document(_APP)["paths"].items() for method in methods
]


def _mended(case: Case) -> Case:
    """A good request: its years in order, without the cursor of another question, its style one there is.

    (Formats are not used where null is allowed as well.)
    """
    for asked in (case.query, case.body):
        if isinstance(asked, dict):
            asked.pop("cursor", None)
            if isinstance(asked.get("style"), str) and asked["style"] not in _STYLES:
                asked["style"] = _STYLES[0]
            years = [asked.get("year_from"), asked.get("year_to")]
            if all(isinstance(year, int) for year in years):
                asked["year_from"], asked["year_to"] = sorted(years)
    return case


@pytest.fixture(scope="module")
def schema(starter_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The description of the application over a copy of the starter index, where changes may wait."""
    index = Path(shutil.copytree(starter_index, tmp_path_factory.mktemp("copy") / "index"))
    app = create_app(Settings(index=index, keys=index / "keys.json"))
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("path", "method"), _OPERATIONS)
def test_every_answer_is_a_documented_one(schema: Any, path: str, method: str, mode: GenerationMode) -> None:
    operation = schema[path][method.upper()]
    if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query):
        return

    @settings(
        max_examples=_EXAMPLES, suppress_health_check=list(HealthCheck), database=None, derandomize=True
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def answers(case: Case) -> None:
        asked = _mended(case) if mode is GenerationMode.POSITIVE else case
        # Without a network in between nothing unpacks a compressed answer before it is looked at.
        asked.call_and_validate(headers={"Accept-Encoding": "identity"})

    answers()
