"""The description of the API: valid, complete, and true of what is answered."""

import copy
from typing import Any

import jsonschema
import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import validate

from search_api.openapi.operation import operation_of

_DRAFT = (
    "Menaquinone intake was linked to less coronary heart disease in 4000 Dutch adults. Is it? "
    "Magnesium cures night cramps. MK-7 raised the cramps of older adults (Sato et al., 2002). Stir well."
)
_QUESTION = "Does vitamin K2 help bone?"


@pytest.fixture(scope="module")
def document(client: FlaskClient) -> dict[str, Any]:
    response = client.get("/openapi.json")
    assert response.status_code == 200
    assert response.content_type == "application/json"
    found: dict[str, Any] = response.get_json()
    return found


def _closed(schema: Any) -> Any:
    """The schema with every object closed, so that an undocumented field is a fault."""
    if isinstance(schema, dict):
        closed = {name: _closed(part) for name, part in schema.items()}
        if isinstance(schema.get("properties"), dict):
            closed.setdefault("additionalProperties", False)
        return closed
    return [_closed(part) for part in schema] if isinstance(schema, list) else schema


def check_answer(document: dict[str, Any], path: str, method: str, response: Any) -> None:
    """Hold an answer against what the description says of its route and status."""
    route = document["paths"][path][method]
    content = route["responses"][str(response.status_code)]["content"]
    schema = content[response.content_type.split(";")[0]]["schema"]
    whole = _closed(copy.deepcopy({**schema, "components": document["components"]}))
    jsonschema.Draft202012Validator(whole).validate(response.get_json(force=True))


def test_the_description_is_valid_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_every_route_of_the_api_is_described(client: FlaskClient) -> None:
    app = client.application
    rules = [
        rule for rule in app.url_map.iter_rules() if rule.rule.startswith(("/v1/", "/healthz", "/readyz"))
    ]
    assert len(rules) > 10
    for rule in rules:
        view = app.view_functions[rule.endpoint]
        assert operation_of(view), f"{rule} lacks @described (search_api/openapi/operation.py)"
        assert view.__doc__, rule


def test_every_operation_has_a_name_of_its_own_and_every_parameter_a_meaning(
    document: dict[str, Any],
) -> None:
    routes = [route for methods in document["paths"].values() for route in methods.values()]
    names = [route["operationId"] for route in routes]
    assert len(names) == len(set(names))
    for route in routes:
        assert route["summary"].endswith("."), route["operationId"]
        for parameter in route["parameters"]:
            assert parameter["description"], (route["operationId"], parameter["name"])


def test_the_parameters_are_those_that_the_service_checks(document: dict[str, Any]) -> None:
    parameters = {p["name"]: p for p in document["paths"]["/v1/search"]["get"]["parameters"]}
    assert parameters["query"]["required"]
    assert parameters["query"]["schema"]["maxLength"] == 2000
    limit = {"type": "integer", "minimum": 1, "maximum": 100, "default": 10}
    assert parameters["limit"]["schema"] == limit
    assert parameters["kind"]["schema"] == {"type": "string", "enum": ["article", "study"]}
    assert {"cursor", "fields", "format", "style", "integrity", "max_per_source"} <= set(parameters)


@pytest.mark.parametrize(
    ("method", "path", "address", "body"),
    [
        ("get", "/v1/search", f"/v1/search?query={_QUESTION}&limit=50", None),
        ("get", "/v1/search", "/v1/search?query=Sato+menatetrenone&limit=20&mode=lexical", None),
        ("get", "/v1/search", "/v1/search?limit=0", None),
        ("get", "/v1/search", f"/v1/search?query={_QUESTION}&format=csl-json", None),
        ("post", "/v1/search", "/v1/search", {"query": "leg cramps", "kind": "study"}),
        ("post", "/v1/search", "/v1/search", {"query": ""}),
        (
            "post",
            "/v1/search/batch",
            "/v1/search/batch",
            {"queries": [{"query": "cramps"}, {"query": ""}, 1]},
        ),
        ("get", "/v1/sources/{identifier}", "/v1/sources/geleijnse2004", None),
        ("get", "/v1/sources/{identifier}", "/v1/sources/nocturnal-leg-cramps", None),
        ("get", "/v1/sources/{identifier}", "/v1/sources/nothing", None),
        ("get", "/v1/sources/{identifier}", "/v1/sources/sato2002pd?format=csl-json", None),
        ("get", "/v1/sources/{identifier}/references", "/v1/sources/nocturnal-leg-cramps/references", None),
        ("get", "/v1/sources/{identifier}/cited-by", "/v1/sources/sato2002pd/cited-by", None),
        ("post", "/v1/export", "/v1/export", {"ids": ["kakkos2018"]}),
        ("post", "/v1/export", "/v1/export", {"ids": ["nobody"]}),
        ("post", "/v1/check", "/v1/check", {"references": "Kakkos SK. Efficacy of Ruscus. Int Angiol 1999."}),
        ("get", "/v1/sources/{identifier}/similar", "/v1/sources/sato2002pd/similar?limit=9", None),
        ("get", "/v1/search", "/v1/search?query=leg+cramps&facets=true&kind=study", None),
        ("get", "/v1/report", "/v1/report", None),
        ("post", "/v1/cite", "/v1/cite", {"draft": _DRAFT}),
        ("post", "/v1/cite", "/v1/cite", {"draft": _DRAFT, "format": "docx"}),
        ("post", "/v1/cite", "/v1/cite", {"draft": _DRAFT, "format": "latex", "suggestions": 99}),
        ("get", "/v1/jobs/{job_id}", "/v1/jobs/none", None),
        ("delete", "/v1/sources/{identifier}", "/v1/sources/nothing", None),
        ("get", "/v1/index", "/v1/index", None),
        ("get", "/healthz", "/healthz", None),
        ("get", "/readyz", "/readyz", None),
    ],
)
def test_answers_are_what_is_described_and_nothing_more(
    client: FlaskClient, document: dict[str, Any], method: str, path: str, address: str, body: Any
) -> None:
    check_answer(document, path, method, client.open(address, method=method.upper(), json=body))


def test_every_source_and_its_references_and_passages_are_as_described(
    client: FlaskClient, document: dict[str, Any]
) -> None:
    answer = client.get("/v1/search", query_string={"query": _QUESTION, "limit": 40}).get_json()
    for result in answer["results"][:20]:
        source = f"/v1/sources/{result['source']['id']}"
        check_answer(document, "/v1/sources/{identifier}", "get", client.get(source))
        check_answer(document, "/v1/sources/{identifier}/cited-by", "get", client.get(f"{source}/cited-by"))
        passage = f"/v1/passages/{result['passage']['id']}"
        check_answer(document, "/v1/passages/{passage_id}", "get", client.get(passage))


def test_the_page_names_every_route_and_document_and_loads_nothing_from_elsewhere(
    client: FlaskClient, document: dict[str, Any]
) -> None:
    response = client.get("/docs")
    assert response.status_code == 200
    page = response.get_data(as_text=True)
    for path, methods in document["paths"].items():
        for method in methods:
            assert f"<code>{method.upper()} {path}</code>" in page
    for name in document["components"]["schemas"]:
        assert f'id="schema-{name}"' in page
    assert "<script" not in page
    assert "style=" not in page
    assert 'src="http' not in page
    assert 'href="http' not in page
    with client.get("/static/docs.css") as sheet:
        assert sheet.status_code == 200


def test_every_link_of_the_page_leads_somewhere(client: FlaskClient) -> None:
    import re

    page = client.get("/docs").get_data(as_text=True)
    anchors = set(re.findall(r'href="#([^"]+)"', page))
    assert anchors <= set(re.findall(r' id="([^"]+)"', page))


def test_the_description_needs_no_index(tmp_path: Any, document: dict[str, Any]) -> None:
    from search_api.app import create_app
    from search_api.settings import Settings

    client = create_app(Settings(index=tmp_path)).test_client()
    assert client.get("/openapi.json").get_json() == document
    assert client.get("/docs").status_code == 200
