"""`footnote cite` and `POST /v1/cite`: what they answer, the files they write, bad input."""

import base64
import io
import sys
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from flask.testing import FlaskClient

from search_api.cli import main
from tests.search_api.drafts.test_reading_drafts import word_file

_CLAIM = "Magnesium does not prevent cramps in older adults."


def _run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: object
) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["footnote", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        main()
    captured = capsys.readouterr()
    return int(end.value.code or 0), captured.out, captured.err


def test_the_api_gives_sources_with_offsets_and_evidence(client: FlaskClient) -> None:
    document: dict[str, Any] = client.post("/v1/cite", json={"draft": _CLAIM}).get_json()
    assert document["counts"] == {"sentences": 1, "claims": 1, "outcomes": {"supported": 1}}
    (sentence,) = document["sentences"]
    assert (sentence["start"], sentence["end"], sentence["outcome"]) == (0, len(_CLAIM), "supported")
    suggestion = sentence["suggestions"][0]
    source, passage, stance = suggestion["source"], suggestion["passage"], suggestion["stance"]
    assert source["id"] == "doi:10.1002/14651858.cd009402.pub3"
    assert source["study"]["design"] == "systematic review"
    whole = client.get(f"/v1/sources/{source['id']}").get_json()
    assert whole["source"]["text"][passage["start"] : passage["end"]] == passage["text"]
    (highlight,) = passage["highlights"]
    assert "barely changed" in passage["text"][highlight["start"] : highlight["end"]]
    finding = source["study"]["finding"]
    assert stance["verdict"] == "supports"
    assert "cramps" in finding[stance["finding"]["start"] : stance["finding"]["end"]]
    assert suggestion["via"][0]["source"]["kind"] == "article"
    assert sentence["insert"] == [{"start": 0, "end": len(_CLAIM), "sources": [source["id"]]}]
    assert document["output"] is None


def test_the_api_gives_the_draft_with_citations(client: FlaskClient) -> None:
    asked = {"draft": _CLAIM, "format": "pandoc", "bibliography": "csl-json"}
    output = client.post("/v1/cite", json=asked).get_json()["output"]
    assert output["text"] == "Magnesium does not prevent cramps in older adults [@garrison2020]."
    assert '"garrison2020"' in output["beside"]["json"]


def test_a_word_document_goes_in_and_comes_out(client: FlaskClient) -> None:
    form = {"draft": (io.BytesIO(word_file(_CLAIM)), "a.docx"), "format": "docx"}
    response = client.post("/v1/cite", data=form)
    assert response.status_code == 200
    made = base64.b64decode(response.get_json()["output"]["base64"])
    assert "(Garrison et al., 2020)." in Document(io.BytesIO(made)).paragraphs[0].text


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "draft"),
        ({"draft": " "}, "draft"),
        ({"draft": "word " * 20_001}, "draft"),
        ({"draft": _CLAIM, "suggestions": 11}, "suggestions"),
        ({"draft": _CLAIM, "format": "pdf"}, "format"),
        ({"draft": _CLAIM, "colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_cited_is_refused_by_its_field(
    asked: dict[str, Any], field: str, client: FlaskClient
) -> None:
    response = client.post("/v1/cite", json=asked)
    assert response.status_code in (400, 422)
    assert response.mimetype == "application/problem+json"
    assert response.get_json()["errors"][0]["field"] == field


def test_a_style_that_does_not_exist_gets_the_nearest_names(client: FlaskClient) -> None:
    response = client.post("/v1/cite", json={"draft": _CLAIM, "style": "vancuver"})
    assert response.status_code in (400, 422)
    assert "vancouver" in response.get_data(as_text=True)


def test_a_file_that_is_no_word_document_is_refused(client: FlaskClient) -> None:
    response = client.post("/v1/cite", data={"draft": (io.BytesIO(b"PK\x03\x04nothing"), "a.docx")})
    assert response.status_code in (400, 422)
    assert "no Word document" in response.get_data(as_text=True)


def test_the_command_reports_sentence_by_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, starter_index: Path, tmp_path: Path
) -> None:
    draft = tmp_path / "a.txt"
    draft.write_text(f"{_CLAIM} Is that so?", "utf-8")
    code, out, _ = _run(capsys, monkeypatch, "cite", draft, "--index", starter_index)
    assert code == 0
    assert "supported\n   systematic review, 11 trials, 735 participants, 2020" in out
    assert "question: left as it is" in out
    assert "2 sentences, 1 claims: 1 supported" in out


def test_the_command_writes_latex_and_its_bibliography(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, starter_index: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.md").write_text(_CLAIM, "utf-8")
    output = tmp_path / "out.tex"
    arguments = (tmp_path / "a.md", "--index", starter_index, "--format", "latex", "--output", output)
    code, _, err = _run(capsys, monkeypatch, "cite", *arguments)
    assert code == 0
    assert r"\bibliography{out}" in output.read_text("utf-8")
    assert "garrison2020" in (tmp_path / "out.bib").read_text("utf-8")
    assert "1 sentences, 1 claims: 1 supported" in err


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        ("", (), "is empty"),
        ("word " * 200_000, (), "at most 20000 words"),
        (_CLAIM, ("--suggestions", "0"), "suggestions"),
        (_CLAIM, ("--style", "vancuver"), "vancouver"),
        (_CLAIM, ("--format", "docx"), "needs --output"),
    ],
    ids=["empty", "too long", "no suggestions", "no style", "no output"],
)
def test_bad_input_ends_with_one_line_and_exit_code_2(
    content: str,
    options: tuple[str, ...],
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    starter_index: Path,
    tmp_path: Path,
) -> None:
    (tmp_path / "a.md").write_text(content, "utf-8")
    code, out, err = _run(capsys, monkeypatch, "cite", tmp_path / "a.md", "--index", starter_index, *options)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
