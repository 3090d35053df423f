"""What a page weighs, and that nothing in it is inline or from elsewhere."""

from urllib.parse import urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from lxml import html

#: Bytes that the search page may take with everything it loads, as transferred; unpacked, against growth.
_TRANSFERRED, _UNPACKED = 60_000, 75_000
PATHS = (
    "/",
    "/?query=does+magnesium+prevent+night+cramps",
    "/?query=vitamin+K2+and+the+calcification+of+arteries&kind=article",
    "/?query=warfarin&limit=0",
    "/sources/article:vitamin-k-bone-after-retractions",
    "/sources/10.1093/jn/134.11.3100",
    "/library",
    "/report",
    "/list?id=geleijnse2004",
    "/check",
    "/cite",
    "/sources/nope",
)
_BROWSER = {"Accept": "text/html"}


def _loaded(client: FlaskClient, path: str) -> dict[str, tuple[int, int]]:
    """Bytes, as transferred and as unpacked, of a page and all that a browser loads for it, by path."""
    sizes = {path: _bytes(client, path)}
    waiting = html.fromstring(client.get(path, headers=_BROWSER).get_data(as_text=True)).xpath(
        "//head//link[@rel='stylesheet' or @rel='icon']/@href | //script/@src | //img/@src"
    )
    while waiting:
        address = waiting.pop()
        if address in sizes:
            continue
        with client.get(address) as response:
            assert response.status_code == 200, address
            body = response.get_data(as_text=True)
        sizes[address] = _bytes(client, address)
        lines = [line for line in body.splitlines() if line.startswith("import ")]
        waiting += [urljoin(address, line.split('"')[1]) for line in lines]
    return sizes


def _bytes(client: FlaskClient, path: str) -> tuple[int, int]:
    packed = client.get(path, headers={**_BROWSER, "Accept-Encoding": "gzip"})
    plain = client.get(path, headers=_BROWSER)
    with packed, plain:
        return len(packed.get_data()), len(plain.get_data())


@pytest.mark.parametrize("path", [path for path in PATHS if path.startswith("/?") or path == "/"])
def test_the_search_page_is_light_with_all_that_it_loads(client: FlaskClient, path: str) -> None:
    fresh = client.application.test_client()  # without the style that another test chose
    transferred, unpacked = map(sum, zip(*_loaded(fresh, path).values(), strict=True))
    assert transferred < _TRANSFERRED
    assert unpacked < _UNPACKED


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_loaded_from_elsewhere_and_nothing_is_inline(client: FlaskClient, path: str) -> None:
    for address in _loaded(client, path):
        assert not urlsplit(address).netloc
    page = html.fromstring(client.get(path, headers=_BROWSER).get_data(as_text=True))
    assert not page.xpath("//style | //*[@style] | //iframe | //object | //embed")
    assert not page.xpath("//script[not(@src)][not(@type='application/ld+json')]")
    assert not page.xpath("//@*[starts-with(name(), 'on')]")
    assert not [href for href in page.xpath("//@href") if href.startswith(("javascript:", "data:"))]


@pytest.mark.parametrize("path", PATHS)
def test_the_policy_allows_nothing_inline(client: FlaskClient, path: str) -> None:
    policy = client.get(path, headers=_BROWSER).headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == "'self'"
    assert "unsafe" not in policy
