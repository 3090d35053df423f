"""Who cites a source, and where."""

from flask.testing import FlaskClient

_CITED = "sato2002pd"


def test_every_place_that_points_at_a_source_is_given_and_is_a_slice_of_the_citing_text(
    client: FlaskClient,
) -> None:
    document = client.get(f"/v1/sources/{_CITED}/cited-by").get_json()
    whole = client.get(f"/v1/sources/{_CITED}").get_json()["source"]
    assert document["source"]["id"] == whole["id"]
    assert document["source"]["integrity"]["status"] == "retracted"
    assert [citing["source"]["id"] for citing in document["cited_by"]] == whole["cited_by"] != []
    for citing in document["cited_by"]:
        text = client.get(f"/v1/sources/{citing['source']['id']}").get_json()["source"]["text"]
        assert citing["mentions"]
        for mention in citing["mentions"]:
            assert text[mention["start"] : mention["end"]] == mention["text"]


def test_what_nobody_cites_is_cited_by_nobody(client: FlaskClient) -> None:
    document = client.get("/v1/sources/nocturnal-leg-cramps/cited-by").get_json()
    assert document["cited_by"] == []


def test_the_citing_sources_come_as_a_file(client: FlaskClient) -> None:
    response = client.get(f"/v1/sources/{_CITED}/cited-by?format=ris")
    ids = client.get(f"/v1/sources/{_CITED}").get_json()["source"]["cited_by"]
    assert response.text.count("TY  - ") == len(ids)


def test_an_unknown_source_is_not_found(client: FlaskClient) -> None:
    assert client.get("/v1/sources/nothing/cited-by").status_code == 404
