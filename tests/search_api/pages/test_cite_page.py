"""The page of a cited draft: what was found stands beside the draft, what is accepted goes into the file."""

import io
import zipfile
from typing import Any, get_args, get_type_hints

import pytest
from docx import Document
from flask.testing import FlaskClient
from lxml import html

from search_api.drafts.records import JudgedCitation, Outcome
from search_api.pages.cite_page import FORMS
from search_api.pages.draft_words import OUTCOMES, OWN_VERDICTS, STANCES
from search_api.stance.record import Stance

_KNAPEN = (
    "A randomised trial found that menaquinone-7 slows arterial stiffness in healthy postmenopausal women."
)
_DRAFT = f"# Vessels\r\n\r\n{_KNAPEN} Should everyone take it?\r\n\r\nPlantar fasciitis heals with kale.\r\n"
_BROWSER = {"Accept": "text/html"}


def _page(response: Any) -> Any:
    assert response.status_code == 200
    return html.fromstring(response.get_data(as_text=True))


def _cited(client: FlaskClient, **fields: Any) -> Any:
    return _page(client.post("/cite", data=fields, content_type="multipart/form-data"))


def _form(page: Any, **changes: Any) -> dict[str, Any]:
    """The fields of the second form as a browser would send them."""
    form = page.xpath("//form[@data-output]")[0]
    hidden = {one.get("name"): one.get("value") for one in form.xpath("./input[@type='hidden']")}
    # A browser sends line ends as pairs, whatever the page has.
    hidden = {name: value.replace("\n", "\r\n") for name, value in hidden.items()}
    return {**hidden, "accept": form.xpath(".//input[@name='accept'][@checked]/@value"), **changes}


def test_every_outcome_verdict_and_stance_has_its_words() -> None:
    assert set(OUTCOMES) == set(get_args(Outcome))
    assert set(OWN_VERDICTS) == set(get_args(get_type_hints(JudgedCitation)["verdict"]))
    assert set(STANCES) == set(get_args(Stance))


def test_a_claim_is_coloured_and_leads_to_what_was_found(client: FlaskClient) -> None:
    page = _cited(client, draft=_DRAFT)
    claims = page.xpath("//span[@data-sentence]")
    assert [claim.text_content() for claim in claims] == [_KNAPEN, "Plantar fasciitis heals with kale."]
    assert [claim.get("class") for claim in claims] == ["claim good", "claim open"]
    card = page.get_element_by_id("f1").text_content()
    assert "Supported" in card
    assert "Knapen et al. 2015" in card
    assert "Nothing adequate found" in page.get_element_by_id("f2").text_content()
    assert len(page.xpath("//input[@name='accept'][@checked]")) == 1


def test_what_is_accepted_goes_into_the_file_and_nothing_else(client: FlaskClient) -> None:
    page = _cited(client, draft=_DRAFT)
    saved = client.post("/cite/output", data=_form(page, format="markdown", style="apa"))
    assert "filename=draft.md" in saved.headers["Content-Disposition"]
    text = saved.get_data(as_text=True)
    assert f"{_KNAPEN[:-1]} (Knapen et al., 2015). Should everyone take it?" in text
    rejected = client.post("/cite/output", data=_form(page, accept=[], format="markdown"))
    assert rejected.get_data(as_text=True) == _DRAFT.replace("\r\n", "\n")


@pytest.mark.parametrize("form", FORMS)
def test_every_form_can_be_saved(client: FlaskClient, form: str) -> None:
    page = _cited(client, draft=_DRAFT)
    saved = client.post("/cite/output", data=_form(page, format=form, style="vancouver"))
    assert saved.status_code == 200
    if form in ("pandoc", "latex"):
        with zipfile.ZipFile(io.BytesIO(saved.get_data())) as archive:
            assert "references.bib" in archive.namelist()
            assert b"10.1160" in archive.read("references.bib")


def test_a_word_document_comes_back_as_one_with_the_citation_in_it(client: FlaskClient) -> None:
    document = Document()
    document.add_paragraph(_KNAPEN).runs[0].bold = True
    file = io.BytesIO()
    document.save(file)
    page = _cited(client, file=(io.BytesIO(file.getvalue()), "mine.docx"))
    saved = client.post("/cite/output", data=_form(page, format="docx", style="apa"))
    assert "mine.docx" in saved.headers["Content-Disposition"]
    first = Document(io.BytesIO(saved.get_data())).paragraphs[0]
    assert first.text == f"{_KNAPEN[:-1]} (Knapen et al., 2015)."
    assert first.runs[0].bold


@pytest.mark.parametrize(
    ("accept", "said"),
    [
        ("x:doi:10.1/a", "names no place and source"),
        ("0-9:doi:10.1/nobody", "names no place and source"),
        ("1-2:doi:10.1093/jn/134.11.3100", "a place where no sentence stands"),
    ],
)
def test_what_cannot_be_cited_is_refused_with_a_page(client: FlaskClient, accept: str, said: str) -> None:
    response = client.post("/cite/output", data={"draft": _DRAFT, "accept": accept}, headers=_BROWSER)
    assert response.status_code == 400
    assert said in response.get_data(as_text=True)


def test_an_empty_draft_is_said_on_the_page(client: FlaskClient) -> None:
    response = client.post("/cite", data={"draft": "\n "})
    assert response.status_code == 400
    assert (
        "is empty"
        in html.fromstring(response.get_data(as_text=True)).xpath("//*[@role='alert']")[0].text_content()
    )


def test_a_draft_without_a_claim_says_so(client: FlaskClient) -> None:
    page = _cited(client, draft="Should we? I think so.")
    assert "No sentence of this draft states a fact" in page.xpath("//main")[0].text_content()


def test_what_is_pasted_comes_back_as_text_and_never_as_markup(client: FlaskClient) -> None:
    evil = 'Vitamin K prevents <img src=x onerror=alert(1)> fractures"><script>x</script>. ‮עברית 🧬 heals.'
    text = client.post("/cite", data={"draft": evil}).get_data(as_text=True)
    assert "<img src=x" not in text
    assert "<script>x" not in text
    assert "<img src=x onerror=alert(1)>" in html.fromstring(text).xpath("//section")[0].text_content()
