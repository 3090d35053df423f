"""Is what came of an HTTP/1.1 request all of it? A look at its head; gunicorn's parser judges the rest."""

import re

_LARGEST_HEAD = 65_536
_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_EXPECT = re.compile(rb"\r\nexpect:", re.IGNORECASE)


def is_whole(received: bytes | bytearray, largest_body: int) -> bool:
    """Whether a thread may take the request: it is complete, or so large that it will be refused.

    A client that waits to be told to send its body is handed on as well, for nobody else tells it.
    """
    end = received.find(_END)
    if end < 0:
        return len(received) > _LARGEST_HEAD
    head = bytes(received[: end + 2])
    body = len(received) - end - len(_END)
    if _CHUNKED.search(head):
        return body > largest_body or received.endswith(b"0\r\n\r\n")
    found = _LENGTH.search(head)
    length = int(found[1]) if found else 0
    return body >= length or length > largest_body or _EXPECT.search(head) is not None
