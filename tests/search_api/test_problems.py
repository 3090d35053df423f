"""Every error of every route is a problem document (RFC 9457) that names the value, rule and remedy."""

import inspect
import json
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from corpus import errors
from corpus.errors import FootnoteError, ParameterError
from indexer.manifest import MANIFEST
from search_api.app import create_app
from search_api.problems import STATUS_OF, status_of
from search_api.queries import ManyParametersError
from search_api.settings import Settings

_CLASSES = [
    kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, FootnoteError)
]
_LEAVES = [kind for kind in _CLASSES if not any(other in kind.__subclasses__() for other in _CLASSES)]


def _problem(response: TestResponse, status: int) -> dict[str, Any]:
    """The problem document of a response, its shape checked."""
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.content_type == "application/problem+json"
    document: dict[str, Any] = json.loads(response.get_data(as_text=True))
    assert {"type", "title", "status", "detail"} <= set(document)
    assert document["type"] == "about:blank"
    assert document["title"] == HTTPStatus(status).phrase
    assert document["status"] == status
    assert document["detail"]
    for fault in document.get("errors", []):
        assert set(fault) == {"field", "value", "rule", "remedy"}
        assert fault["rule"]
        assert fault["remedy"]
    return document


def _faults(response: TestResponse) -> dict[str, dict[str, str]]:
    return {fault["field"]: fault for fault in _problem(response, 400)["errors"]}


# The table


def test_there_are_leaves_to_map() -> None:
    assert len(_LEAVES) >= 12


@pytest.mark.parametrize("kind", _LEAVES, ids=lambda kind: kind.__name__)
def test_every_leaf_of_the_exception_tree_has_a_status(kind: type[FootnoteError]) -> None:
    assert any(issubclass(kind, mapped) for mapped, _ in STATUS_OF)
    assert 400 <= status_of(kind.__new__(kind)) < 600
    assert status_of(kind.__new__(kind)) != HTTPStatus.INTERNAL_SERVER_ERROR


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("NotFoundError", 404),
        ("ParameterError", 400),
        ("UnknownStyleError", 400),
        ("MalformedRecordError", 400),
        ("IndexBusyError", 409),
        ("IndexMissingError", 503),
        ("IndexDamagedError", 503),
    ],
)
def test_the_particular_class_decides_before_the_general_one(name: str, status: int) -> None:
    kind = getattr(errors, name)
    assert status_of(kind.__new__(kind)) == status


def test_an_error_that_nothing_is_set_down_for_is_our_fault() -> None:
    assert status_of(FootnoteError("value", "rule", "remedy")) == HTTPStatus.INTERNAL_SERVER_ERROR


def test_the_mapping_names_no_class_after_one_that_hides_it() -> None:
    kinds = [kind for kind, _ in STATUS_OF]
    assert not any(issubclass(later, earlier) for n, later in enumerate(kinds) for earlier in kinds[:n])


def test_many_faults_are_a_parameter_error() -> None:
    assert issubclass(ManyParametersError, ParameterError)


# Every route


def _every_route(client: FlaskClient) -> list[tuple[str, set[str]]]:
    """An address for each route, and the methods that it takes."""
    routes: dict[str, set[str]] = {}
    for rule in client.application.url_map.iter_rules():
        address = rule.rule
        for argument in rule.arguments:
            address = address.replace(f"<path:{argument}>", "x").replace(f"<{argument}>", "x")
        routes.setdefault(address, set()).update(rule.methods or set())
    return sorted(routes.items())


def test_the_wrong_method_is_a_problem_on_every_route_and_the_right_ones_are_named(
    client: FlaskClient,
) -> None:
    routes = _every_route(client)
    assert {"/", "/v1/search", "/v1/sources/x", "/healthz", "/readyz"} <= {address for address, _ in routes}
    for address, methods in routes:
        response = client.open(address, method="PATCH")
        _problem(response, 405)
        allowed = set(response.headers["Allow"].replace(" ", "").split(","))
        # An identifier may have slashes, so that one address can be that of several routes.
        assert allowed == set(client.application.url_map.bind("localhost").allowed_methods(address))
        assert methods <= allowed


@pytest.mark.parametrize(
    "address", ["/nowhere", "/v1", "/v1/", "/v1/search/", "/v2/search", "/static/none.css", "/v1/sources/"]
)
def test_an_unknown_route_is_a_problem(client: FlaskClient, address: str) -> None:
    assert _problem(client.get(address), 404)["instance"] == address


@pytest.mark.parametrize("address", ["/v1/sources/nothing", "/v1/passages/nothing"])
def test_an_unknown_record_is_a_problem_that_names_what_was_asked_for(
    client: FlaskClient, address: str
) -> None:
    assert _problem(client.get(address), 404)["detail"].startswith("nothing: ")


@pytest.mark.parametrize("address", ["/v1/index", "/v1/sources/geleijnse2004", "/v1/passages/x"])
def test_an_unknown_parameter_is_refused_where_no_search_is_asked_for(
    client: FlaskClient, address: str
) -> None:
    fault = _faults(client.get(address, query_string={"limitt": "3"}))["limitt"]
    assert (fault["value"], fault["rule"]) == ("3", "no parameter of that name")


@pytest.mark.parametrize("address", ["/v1/search?query=cramps&", "/v1/sources/geleijnse2004?"])
def test_an_unknown_style_is_answered_with_the_nearest_names(client: FlaskClient, address: str) -> None:
    fault = _faults(client.get(f"{address}style=vancouvr"))["style"]
    assert fault["value"] == "vancouvr"
    assert "vancouver" in fault["remedy"]


def test_a_style_without_a_reference_list_is_a_problem_and_no_crash(client: FlaskClient) -> None:
    asked = {"query": "cramps", "style": "chicago-notes"}
    fault = _faults(client.get("/v1/search", query_string=asked))["style"]
    assert (fault["value"], fault["rule"]) == (
        "chicago-notes",
        "that style has notes only, no reference list",
    )


# A search


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("limit", "0"),
        ("limit", "101"),
        ("limit", "abc"),
        ("limit", ""),
        ("kind", "book"),
        ("mode", "magic"),
        ("integrity", "hide"),
        ("year_from", "12"),
        ("study_type", "horoscope"),
        ("max_per_source", "0"),
        ("unknown", "1"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_value_out_of_its_rule_is_named_with_its_field(
    client: FlaskClient, method: str, field: str, value: str
) -> None:
    asked = {"query": "leg cramps", field: value}
    response = (
        client.get("/v1/search", query_string=asked)
        if method == "GET"
        else client.post("/v1/search", json=asked)
    )
    faults = _faults(response)
    assert list(faults) == [field]
    assert faults[field]["value"] == value


@pytest.mark.parametrize(
    ("query", "rule"),
    [
        ("", "must not be empty"),
        ("   ", "must not be empty"),
        ("x" * 2001, "has 2001 characters, at most 2000"),
        ("what is the", "holds only symbols or common words"),
        ("?!…", "holds only symbols or common words"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_by_its_rule(
    client: FlaskClient, query: str, rule: str
) -> None:
    for response in (
        client.get("/v1/search", query_string={"query": query}),
        client.post("/v1/search", json={"query": query}),
    ):
        assert _faults(response)["query"]["rule"] == rule


def test_a_search_without_a_question_is_refused(client: FlaskClient) -> None:
    assert _faults(client.get("/v1/search"))["query"]["rule"] == "is required"
    assert _faults(client.post("/v1/search", json={}))["query"]["rule"] == "is required"


def test_every_fault_is_listed_at_once(client: FlaskClient) -> None:
    response = client.get("/v1/search?query=cramps&limit=0&kind=book&nope=1")
    assert set(_faults(response)) == {"limit", "kind", "nope"}


def test_years_in_the_wrong_order_are_refused(client: FlaskClient) -> None:
    fault = _faults(client.get("/v1/search?query=cramps&year_from=2020&year_to=2010"))["year_from"]
    assert "2010" in fault["rule"]


def test_a_parameter_given_twice_is_refused(client: FlaskClient) -> None:
    assert _faults(client.get("/v1/search?query=cramps&limit=1&limit=2"))["limit"]["value"] == "1, 2"


def test_a_post_takes_nothing_from_the_address(client: FlaskClient) -> None:
    assert "limit" in _faults(client.post("/v1/search?limit=3", json={"query": "cramps"}))


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"query=cramps",
        b"",
        b"\xff\xfe",
        b'{"query": "\\ud800 half a character"}',
        b'{"query": "cramps", "\\ud800": 1}',
        pytest.param(b"[" * 100_000, id="deeply nested"),
        pytest.param(b'{"query": "cramps", "limit": ' + b"1" * 5000 + b"}", id="a number of 5000 digits"),
    ],
)
def test_a_body_that_is_not_json_text_is_refused(client: FlaskClient, body: bytes) -> None:
    response = client.post("/v1/search", data=body, content_type="application/json")
    assert _faults(response)["body"]["rule"] == "is not valid JSON text"


@pytest.mark.parametrize("body", ["[]", '["query"]', '"query"', "null", "3"])
def test_json_that_is_no_object_is_refused(client: FlaskClient, body: str) -> None:
    response = client.post("/v1/search", data=body, content_type="application/json")
    assert _faults(response)["body"]["rule"] == "must be a JSON object"


def test_a_form_is_not_json(client: FlaskClient) -> None:
    _problem(client.post("/v1/search", data={"query": "cramps"}), 415)


def test_a_body_larger_than_the_setting_is_refused_and_one_within_it_is_not(starter_index: Path) -> None:
    client = create_app(Settings(index=starter_index, max_body_bytes=100)).test_client()
    _problem(client.post("/v1/search", json={"query": "x" * 100}), 413)
    assert client.post("/v1/search", json={"query": "leg cramps"}).status_code == 200


# The state of the index


@pytest.mark.parametrize("address", ["/", "/readyz", "/v1/search?query=cramps", "/v1/index", "/v1/sources/x"])
def test_without_an_index_every_route_says_try_later_and_not_where(tmp_path: Path, address: str) -> None:
    client = create_app(Settings(index=tmp_path / "secret-place")).test_client()
    response = client.get(address)
    _problem(response, 503)
    assert "secret-place" not in response.get_data(as_text=True)


def test_a_damaged_index_is_a_problem_as_well(tmp_path: Path) -> None:
    folder = tmp_path / "generations" / "000001"
    folder.mkdir(parents=True)
    (folder / MANIFEST).write_text("{")
    (tmp_path / "CURRENT").write_text("000001\n")
    _problem(create_app(Settings(index=tmp_path)).test_client().get("/v1/search?query=cramps"), 503)


# What nobody foresaw


def _failing(starter_index: Path) -> Flask:
    app = create_app(Settings(index=starter_index))

    @app.get("/fails")
    def fails() -> str:
        raise ZeroDivisionError("a secret of the inside")

    return app


def test_an_unforeseen_error_is_a_problem_that_tells_nothing_of_the_inside(starter_index: Path) -> None:
    response = _failing(starter_index).test_client().get("/fails")
    _problem(response, 500)
    assert "secret" not in response.get_data(as_text=True)


def test_an_unforeseen_error_is_logged_with_its_trace(
    starter_index: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _failing(starter_index).test_client().get("/fails")
    (record,) = [record for record in caplog.records if record.name == "footnote.http"]
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], ZeroDivisionError)
