"""Many questions in one request: each answered, or refused, as if it had been asked alone."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from search_api.app import create_app
from search_api.settings import Settings
from tests.conftest import STARTER


def _batch(client: FlaskClient, queries: list[Any]) -> dict[str, Any]:
    response = client.post("/v1/search/batch", json={"queries": queries})
    assert response.status_code == 200, response.text
    document: dict[str, Any] = response.get_json()
    return document


def _questions(most: int) -> list[str]:
    lines = (STARTER / "questions.jsonl").read_text("utf-8").splitlines()[:most]
    return [str(json.loads(line)["question"]) for line in lines]


def _apart(document: dict[str, Any]) -> tuple[dict[str, Any], list[float]]:
    """The answer without its time and its scores; the scores."""
    scores = []
    for result in document["results"]:
        scores += [result.pop("score"), *result.pop("scores").values()]
    document.pop("took_ms")
    return document, scores


def test_each_question_is_answered_as_if_it_were_asked_alone(client: FlaskClient) -> None:
    asked = [{"query": question, "limit": 3} for question in _questions(12)]
    document = _batch(client, asked)
    assert document["failed"] == 0
    assert len(document["items"]) == len(asked)
    for parameters, item in zip(asked, document["items"], strict=True):
        alone = client.post("/v1/search", json=parameters).get_json()
        assert item["problem"] is None
        (answer, scores), (expected, expected_scores) = _apart(item["answer"]), _apart(alone)
        assert answer == expected
        # Sums over a batch are rounded otherwise, which may turn the fourth digit.
        assert scores == pytest.approx(expected_scores, abs=1.01e-4)


def test_a_question_that_cannot_be_answered_costs_only_its_own_answer(client: FlaskClient) -> None:
    good = {"query": "leg cramps", "limit": 1}
    bad = [
        {"query": ""},
        {"query": "cramps", "limit": 0},
        {"query": "cramps", "limit": "3"},
        {"query": "cramps", "style": "no-such-style"},
        {"query": "cramps", "study_type": "horoscope"},
        {"query": "cramps", "cursor": "x"},
        {"query": "cramps", "format": "ris"},
        {},
        "cramps",
        None,
        ["cramps"],
    ]
    document = _batch(client, [good, *bad, good])
    assert document["failed"] == len(bad)
    first, *middle, last = document["items"]
    assert first["answer"]["results"] == last["answer"]["results"]
    for parameters, item in zip(bad, middle, strict=True):
        assert item["answer"] is None
        assert item["problem"]["status"] == 400, parameters
        assert item["problem"]["errors"][0]["rule"]


def test_the_fault_of_a_question_is_the_one_it_gets_alone(client: FlaskClient) -> None:
    (item,) = _batch(client, [{"query": "what is the"}])["items"]
    alone = client.post("/v1/search", json={"query": "what is the"}).get_json()
    assert item["problem"] == {name: value for name, value in alone.items() if name != "instance"}


def test_questions_of_a_batch_take_filters_fields_and_cursors(client: FlaskClient) -> None:
    asked = {"query": "leg cramps", "limit": 2, "kind": "study", "fields": ["source.kind"]}
    (first,) = _batch(client, [asked])["items"]
    (second,) = _batch(client, [{**asked, "cursor": first["answer"]["next_cursor"]}])["items"]
    results = first["answer"]["results"] + second["answer"]["results"]
    assert [result["rank"] for result in results] == [1, 2, 3, 4]
    assert {result["source"]["kind"] for result in results} == {"study"}


def test_a_question_longer_than_the_encoder_reads_is_answered_in_a_batch_too(client: FlaskClient) -> None:
    long = "vitamin K2 and calcification of arteries in dialysis " * 37
    document = _batch(client, [{"query": long, "limit": 1}, {"query": "leg cramps", "limit": 1}])
    alone = client.post("/v1/search", json={"query": long, "limit": 1}).get_json()
    assert document["items"][0]["answer"]["results"][0]["passage"] == alone["results"][0]["passage"]


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ({"queries": []}, "holds no question"),
        ({"queries": [{"query": "cramps"}] * 101}, "holds 101 questions, at most 100"),
        ({}, "is required"),
        ({"queries": {"query": "cramps"}}, "input should be a valid list"),
    ],
)
def test_a_batch_without_questions_or_with_too_many_is_refused(
    client: FlaskClient, body: dict[str, Any], rule: str
) -> None:
    response = client.post("/v1/search/batch", json=body)
    assert response.status_code == 400
    assert response.get_json()["errors"][0]["rule"] == rule


def test_without_an_index_the_whole_batch_is_to_be_tried_later(tmp_path: Path) -> None:
    client = create_app(Settings(index=tmp_path)).test_client()
    assert client.post("/v1/search/batch", json={"queries": [{"query": "cramps"}]}).status_code == 503
