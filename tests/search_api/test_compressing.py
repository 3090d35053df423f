"""Pages and documents come compressed to those who can read that; what is small stays as it is."""

import gzip

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

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


_DOCUMENTS = ["/v1/sources/nocturnal-leg-cramps", "/openapi.json", "/v1/sources/kakkos2018?format=bibtex"]


@pytest.mark.parametrize("path", [*_DOCUMENTS, "/v1/export", "/v1/search?query=cramps"])
def test_documents_of_the_api_unpack_to_what_comes_uncompressed(client: FlaskClient, path: str) -> None:
    def ask(**headers: str) -> TestResponse:
        if path == "/v1/export":
            ids = ["kakkos2018", "sato2002pd", "geleijnse2004", "estruch2018"]
            return client.post(path, json={"ids": ids, "format": "ris"}, headers=headers)
        return client.get(path, headers=headers)

    plain = ask()
    for packed in (ask(**{"Accept-Encoding": "gzip"}), ask(**{"Accept-Encoding": "gzip"})):
        assert plain.content_encoding is None
        body = packed.get_data()
        if packed.content_encoding == "gzip":
            assert len(body) < len(plain.get_data()) * 0.6
            body = gzip.decompress(body)
        else:
            assert len(plain.get_data()) < 2000
        assert body == plain.get_data()
        assert "Accept-Encoding" in packed.vary
        assert "Accept-Encoding" in plain.vary
        assert packed.headers.get("ETag") == plain.headers.get("ETag")
    assert not any(plain.content_encoding for plain in (ask(), ask()))


@pytest.mark.parametrize("path", ["/readyz", "/v1/index", "/v1/search?query="])
def test_what_is_small_stays_as_it_is(client: FlaskClient, path: str) -> None:
    assert client.get(path, headers={"Accept-Encoding": "gzip"}).content_encoding is None


def test_an_answer_that_is_there_already_is_not_sent_again_however_it_was_packed(client: FlaskClient) -> None:
    packed = {"Accept-Encoding": "gzip"}
    tag = client.get("/v1/search?query=cramps", headers=packed).headers["ETag"]
    for headers in (packed, {}):
        again = client.get("/v1/search?query=cramps", headers={**headers, "If-None-Match": tag})
        assert again.status_code == 304
        assert again.get_data() == b""


def test_a_refused_encoding_is_not_used(client: FlaskClient) -> None:
    assert client.get("/", headers={"Accept-Encoding": "gzip;q=0, br"}).content_encoding is None


def test_vary_by_cookie_is_not_lost(client: FlaskClient) -> None:
    assert {"Cookie", "Accept-Encoding"} <= set(client.get("/?query=cramps", headers=_GZIP).vary)
