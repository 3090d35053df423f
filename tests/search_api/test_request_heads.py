"""When a request is whole enough for a thread."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_api.request_heads import is_whole

_MOST = 1000


@pytest.mark.parametrize(
    ("received", "whole"),
    [
        (b"", False),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", False),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nabc", False),
        (b"POST / HTTP/1.1\r\ncontent-length:4\r\n\r\nabcd", True),
        (b"POST / HTTP/1.1\r\nContent-Length: 5000\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n", False),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nContent-Length: nonsense\r\n\r\n", True),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000, True),
    ],
)
def test_a_request_is_handed_on_when_it_is_complete_or_will_be_refused(received: bytes, whole: bool) -> None:
    assert is_whole(received, _MOST) is whole


@given(st.binary(max_size=300), st.integers(0, 400))
def test_a_body_of_known_length_is_whole_exactly_when_it_is_all_there(body: bytes, cut: int) -> None:
    request = b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    part = request[:cut]
    assert is_whole(part, _MOST) is (len(part) == len(request))
