"""Pages come compressed to those who can read that; documents of the API, and errors, stay readable."""

import gzip

import pytest
from flask.testing import FlaskClient

_GZIP = {"Accept-Encoding": "gzip, deflate", "Accept": "text/html"}


@pytest.mark.parametrize("path", ["/", "/?query=cramps", "/static/footnote.css", "/static/search.js"])
def test_what_is_compressed_unpacks_to_what_comes_uncompressed(client: FlaskClient, path: str) -> None:
    with client.get(path, headers=_GZIP) as packed, client.get(path) as plain:
        assert packed.content_encoding == "gzip"
        assert plain.content_encoding is None
        if not path.startswith("/?"):  # an answer says how long it took
            assert gzip.decompress(packed.get_data()) == plain.get_data()
        assert packed.content_length == len(packed.get_data()) < len(plain.get_data()) / 1.8
        assert "Accept-Encoding" in packed.vary
        assert "Accept-Encoding" in plain.vary


def test_a_file_that_is_there_already_is_not_sent_again(client: FlaskClient) -> None:
    with client.get("/static/footnote.css", headers=_GZIP) as first:
        tag = first.headers["ETag"]
    with client.get("/static/footnote.css", headers={**_GZIP, "If-None-Match": tag}) as again:
        assert again.status_code == 304


@pytest.mark.parametrize("path", ["/v1/search?query=cramps", "/readyz", "/v1/index"])
def test_documents_of_the_api_stay_as_they_are(client: FlaskClient, path: str) -> None:
    assert client.get(path, headers={"Accept-Encoding": "gzip"}).content_encoding is None


def test_a_refused_encoding_is_not_used(client: FlaskClient) -> None:
    assert client.get("/", headers={"Accept-Encoding": "gzip;q=0, br"}).content_encoding is None


def test_vary_by_cookie_is_not_lost(client: FlaskClient) -> None:
    assert {"Cookie", "Accept-Encoding"} <= set(client.get("/?query=cramps", headers=_GZIP).vary)
