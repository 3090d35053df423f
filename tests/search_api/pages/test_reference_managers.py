"""What Zotero finds on the pages: the rules of its two translators, in our own words, followed here.

COinS: every element of class ``Z3988`` is a work. Its title holds pairs as in an address; the format says
whether it is a journal article, a book or something of Dublin Core; a DOI and a PMID stand in ``rft_id``
behind ``info:doi/`` and ``info:pmid/``. The first author stands in two fields, all of them in ``rft.au``;
pages are the first and the last. What has no title is no work.

Embedded metadata: the ``citation_*`` tags of a head are one work. It is a journal article where there is a
journal's title, else a web page; authors come in order, family name first before a comma.
"""

from html import unescape
from typing import Any
from urllib.parse import parse_qsl

from flask.testing import FlaskClient
from lxml import html

from search_api.queries import query_from
from search_api.search import Searcher

_BROWSER = {"Accept": "text/html"}
_KINDS = {"journal": "journalArticle", "book": "book", "dc": "webpage"}
_GELEIJNSE = {
    "itemType": "journalArticle",
    "title": "Dietary intake of menaquinone is associated with a reduced risk of coronary heart disease: "
    "the Rotterdam Study",
    "publicationTitle": "The Journal of Nutrition",
    "date": "2004",
    "volume": "134",
    "issue": "11",
    "pages": "3100-3105",
    "DOI": "10.1093/jn/134.11.3100",
    "first author": "Geleijnse",
    "authors": 8,
}


def _page(client: FlaskClient, address: str) -> Any:
    response = client.get(address, headers=_BROWSER)
    assert response.status_code == 200
    return html.fromstring(response.get_data(as_text=True))


def _by_coins(page: Any) -> list[dict[str, Any]]:
    found = []
    for title in page.xpath("//*[contains(concat(' ', @class, ' '), ' Z3988 ')]/@title"):
        pairs = parse_qsl(unescape(title))
        fields = dict(pairs)
        assert fields["ctx_ver"] == "Z39.88-2004"
        ids = [value for name, value in pairs if name == "rft_id"]
        people = [value for name, value in pairs if name in ("rft.au", "rft.creator")]
        item = {
            "itemType": _KINDS[fields["rft_val_fmt"].rpartition(":")[2]],
            "title": fields.get("rft.atitle") or fields.get("rft.title") or fields.get("rft.btitle"),
            "publicationTitle": fields.get("rft.jtitle"),
            "date": fields.get("rft.date", "")[:4],
            "volume": fields.get("rft.volume"),
            "issue": fields.get("rft.issue"),
            "pages": "-".join(fields[n] for n in ("rft.spage", "rft.epage") if n in fields),
            "DOI": next((one.removeprefix("info:doi/") for one in ids if one.startswith("info:doi/")), None),
            "first author": fields.get("rft.aulast"),
            "authors": len(people),
        }
        if item["title"]:
            found.append(item)
    return found


def _by_embedded_metadata(page: Any) -> dict[str, Any]:
    tags: dict[str, list[str]] = {}
    for tag in page.xpath("//head/meta[starts-with(@name, 'citation_')]"):
        tags.setdefault(tag.get("name").removeprefix("citation_"), []).append(tag.get("content"))
    one = {name: values[0] for name, values in tags.items()}
    return {
        "itemType": "journalArticle" if "journal_title" in one else "webpage",
        "title": one.get("title"),
        "publicationTitle": one.get("journal_title"),
        "date": one.get("publication_date", "")[:4],
        "volume": one.get("volume"),
        "issue": one.get("issue"),
        "pages": "-".join(one[name] for name in ("firstpage", "lastpage") if name in one),
        "DOI": one.get("doi"),
        "first author": one.get("author", "").partition(",")[0],
        "authors": len(tags.get("author", [])),
    }


def test_the_page_of_a_study_is_the_study(client: FlaskClient) -> None:
    page = _page(client, "/sources/10.1093/jn/134.11.3100")
    assert _by_embedded_metadata(page) == _GELEIJNSE
    # Spans of lists would make Zotero offer a choice where there is one work.
    assert _by_coins(page) == []


def test_the_page_of_an_article_is_a_web_page_with_its_title(client: FlaskClient) -> None:
    found = _by_embedded_metadata(_page(client, "/sources/article:nocturnal-leg-cramps"))
    assert (found["itemType"], found["title"]) == ("webpage", "Leg cramps at night: what has been tested")


def test_a_list_of_results_is_the_list_of_its_sources_each_once(
    client: FlaskClient, searcher: Searcher
) -> None:
    asked = "does magnesium prevent night cramps"
    found = _by_coins(_page(client, f"/?query={asked.replace(' ', '+')}"))
    hits = searcher.search(query_from({"query": asked, "limit": 50})).hits[:10]
    titles = [hit.source.title for hit in hits]
    assert len(set(titles)) < len(titles)
    assert [item["title"] for item in found] == list(dict.fromkeys(titles))


def test_a_study_among_results_is_found_with_all_its_details(client: FlaskClient) -> None:
    assert _GELEIJNSE in _by_coins(_page(client, "/?query=menaquinone+and+coronary+heart+disease"))


def test_the_reading_list_is_found_as_well(client: FlaskClient) -> None:
    page = _page(client, "/list?id=geleijnse2004&id=article:nocturnal-leg-cramps")
    first, second = _by_coins(page)
    assert first == _GELEIJNSE
    assert (second["itemType"], second["title"]) == ("webpage", "Leg cramps at night: what has been tested")


def test_a_page_without_a_work_offers_none(client: FlaskClient) -> None:
    for address in ("/", "/library", "/check", "/cite", "/list"):
        page = _page(client, address)
        assert _by_coins(page) == []
        assert _by_embedded_metadata(page)["title"] is None
