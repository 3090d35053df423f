"""The page that checks a reference list: by paste and by file, every verdict with what it rests on."""

import io
from typing import Any, get_args

import pytest
from flask.testing import FlaskClient
from lxml import html

from search_api.checking import Verdict
from search_api.pages.desk_words import VERDICTS

_RIGHT = (
    "Geleijnse JM, Vermeer C, Grobbee DE, et al. Dietary intake of menaquinone is associated with a reduced "
    "risk of coronary heart disease: the Rotterdam Study. J Nutr. 2004;134(11):3100-5. "
    "doi:10.1093/jn/134.11.3100"
)
_WRONG_YEAR = _RIGHT.replace("2004;", "2014;")
_RETRACTED = "doi:10.1001/jama.293.9.1082"
_UNKNOWN = "Smith J. A study of teapots that nobody has. Journal of Teapots. 2011;1:1-2."


def _checked(client: FlaskClient, **fields: Any) -> Any:
    response = client.post("/check", data=fields, content_type="multipart/form-data")
    assert response.status_code == 200
    return html.fromstring(response.get_data(as_text=True))


def _verdicts(page: Any) -> list[str]:
    return [strong.text_content() for strong in page.xpath("//li[@id]/p[1]/strong")]


def test_every_verdict_has_its_words() -> None:
    assert set(VERDICTS) == set(get_args(Verdict))


def test_each_entry_gets_its_verdict_in_the_order_of_the_list(client: FlaskClient) -> None:
    page = _checked(client, references="\n".join([_RIGHT, _UNKNOWN, _RETRACTED]))
    assert _verdicts(page) == ["Verified", "Not in this library", "Retracted"]
    assert page.get_element_by_id("found").text_content() == "3 references, 2 need a person"
    assert "RETRACTED: this publication was retracted" in page.get_element_by_id("e3").text_content()


def test_a_wrong_year_stands_beside_the_recorded_one_with_the_citation_as_it_should_be(
    client: FlaskClient,
) -> None:
    entry = _checked(client, references=_WRONG_YEAR).get_element_by_id("e1")
    assert [c.text_content() for c in entry.xpath(".//tbody/tr/*")] == ["year", "2014", "2004"]
    assert "(2004). Dietary intake of menaquinone" in entry.xpath(".//*[@data-citation]")[0].text_content()


def test_a_file_is_read_as_what_it_is(client: FlaskClient) -> None:
    record = "TY  - JOUR\nTI  - Dietary intake of menaquinone\nDO  - 10.1093/jn/134.11.3100\nER  - \n"
    page = _checked(client, file=(io.BytesIO(record.encode()), "mine.ris"))
    assert "Read as RIS from mine.ris" in page.xpath("//main")[0].text_content()
    assert page.xpath("//a[@href='/sources/doi:10.1093/jn/134.11.3100']")


def test_the_works_found_can_be_taken_to_the_list(client: FlaskClient) -> None:
    form = _checked(client, references=f"{_RIGHT}\n{_UNKNOWN}").xpath("//form[@action='/list']")[0]
    assert form.xpath("./input/@value") == ["doi:10.1093/jn/134.11.3100"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"references": " \n"}, "is empty; paste a list or choose a file"),
        ({"file": (io.BytesIO(b"\x89PNG\r\n\x1a\n\x00\x00" * 50), "x.png")}, "give a text file"),
    ],
)
def test_what_cannot_be_read_is_said_on_the_page(
    client: FlaskClient, fields: dict[str, Any], said: str
) -> None:
    response = client.post("/check", data=fields, content_type="multipart/form-data")
    assert response.status_code == 400
    page = html.fromstring(response.get_data(as_text=True))
    assert said in page.xpath("//*[@role='alert']")[0].text_content()
    assert page.xpath("//textarea")


def test_an_unknown_field_is_refused_with_a_page(client: FlaskClient) -> None:
    response = client.post("/check", data={"refs": "x"}, headers={"Accept": "text/html"})
    assert response.status_code == 400
    assert "no parameter of that name" in response.get_data(as_text=True)


def test_what_is_pasted_comes_back_as_text_and_never_as_markup(client: FlaskClient) -> None:
    evil = "1. <script>alert(1)</script> Robert'); DROP TABLE sources;-- 2011. ‮עברית 🧬"
    text = client.post("/check", data={"references": evil}).get_data(as_text=True)
    assert "<script>alert" not in text
    assert evil in html.fromstring(text).xpath("//textarea")[0].text
