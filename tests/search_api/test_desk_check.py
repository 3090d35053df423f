"""`footnote check` and `POST /v1/check`: what they answer, exit codes, bad input."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from search_api.app import create_app
from search_api.cli import main
from search_api.settings import Settings
from tests.conftest import REPOSITORY

_EXAMPLES = REPOSITORY / "docs" / "examples"
_RIGHT = "PMID: 15514282\n"


def _run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: object
) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["footnote", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        main()
    captured = capsys.readouterr()
    return int(end.value.code or 0), captured.out, captured.err


def test_the_api_gives_a_verdict_and_evidence_for_every_entry(client: FlaskClient) -> None:
    text = (_EXAMPLES / "references.bib").read_text("utf-8")
    document: dict[str, Any] = client.post("/v1/check", json={"references": text}).get_json()
    assert document["read_as"] == "BibTeX"
    assert document["counts"] == {
        "verified": 1,
        "mismatch": 1,
        "identifier points to a different work": 1,
        "retracted": 1,
        "not in the library": 1,
    }
    assert document["need_a_person"] == 4
    right, year, swapped, retracted, unknown = document["entries"]
    assert right["source"]["id"] == "doi:10.1093/jn/134.11.3100"
    assert {
        "field": "year",
        "given": "2010",
        "recorded": "2013",
        "agreement": "different",
        "note": None,
    } in year["fields"]
    assert swapped["points_to"]["DOI"]["doi"].casefold() == "10.1016/j.jacc.2013.09.073"
    assert retracted["integrity"]["status"] == "retracted"
    assert unknown["source"] is None


def test_csl_items_are_taken_as_they_are(client: FlaskClient) -> None:
    items = [{"id": "a", "type": "article-journal", "title": "Whatever it is", "PMID": "15514282"}]
    document = client.post("/v1/check", json={"references": items}).get_json()
    assert document["read_as"] == "CSL-JSON"
    assert document["entries"][0]["verdict"] == "identifier points to a different work"


def test_a_file_may_be_sent_as_a_form(client: FlaskClient) -> None:
    data = {"references": (io.BytesIO((_EXAMPLES / "references.ris").read_bytes()), "refs.ris")}
    document = client.post("/v1/check", data=data).get_json()
    assert (document["read_as"], len(document["entries"])) == ("RIS", 5)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "references"),
        ({"references": "  "}, "references"),
        ({"references": [], "style": "apa"}, "references"),
        ({"references": _RIGHT, "stile": "apa"}, "stile"),
        ({"references": _RIGHT, "style": "no-such-style"}, "style"),
    ],
)
def test_a_bad_request_names_the_field(client: FlaskClient, body: dict[str, Any], field: str) -> None:
    response = client.post("/v1/check", json=body)
    assert response.status_code == 400
    assert field in {fault["field"] for fault in response.get_json()["errors"]}


def test_a_binary_file_is_refused(client: FlaskClient) -> None:
    data = {"references": (io.BytesIO(b"%PDF-1.4 \x00\x01"), "refs.pdf")}
    response = client.post("/v1/check", data=data)
    assert response.status_code == 400
    assert "PDF" in response.get_data(as_text=True)


def test_a_list_larger_than_the_limit_is_refused(starter_index: Path) -> None:
    client = create_app(Settings(index=starter_index, max_draft_bytes=100)).test_client()
    assert client.post("/v1/check", json={"references": "x" * 200}).status_code == 413


def test_a_list_may_be_larger_than_a_question(starter_index: Path) -> None:
    client = create_app(Settings(index=starter_index, max_body_bytes=100)).test_client()
    assert client.post("/v1/check", json={"references": _RIGHT * 20}).status_code == 200


def test_the_command_prints_verdicts_and_ends_with_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, starter_index: Path
) -> None:
    code, out, _ = _run(capsys, monkeypatch, "check", _EXAMPLES / "references.txt", "--index", starter_index)
    assert code == 1
    assert "given “2010”, recorded “2013”" in out
    assert "RETRACTED" in out
    assert out.endswith("5 references read as pasted text, 4 need a person\n")


def test_the_command_ends_with_zero_where_all_is_right(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, starter_index: Path, tmp_path: Path
) -> None:
    (tmp_path / "right.txt").write_text(_RIGHT)
    code, out, _ = _run(
        capsys, monkeypatch, "check", tmp_path / "right.txt", "--index", starter_index, "--json"
    )
    assert code == 0
    assert json.loads(out)["entries"][0]["verdict"] == "verified"


@pytest.mark.parametrize(("content", "said"), [(b"", "holds no reference"), (b"%PDF-1.4", "PDF")])
def test_the_command_refuses_what_is_no_list(
    content: bytes,
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    starter_index: Path,
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_bytes(content)
    code, out, err = _run(capsys, monkeypatch, "check", tmp_path / "file", "--index", starter_index)
    assert (code, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) == 1


def test_the_command_says_that_a_file_is_missing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, starter_index: Path, tmp_path: Path
) -> None:
    code, _, err = _run(capsys, monkeypatch, "check", tmp_path / "none.bib", "--index", starter_index)
    assert code == 2
    assert "No such file" in err
