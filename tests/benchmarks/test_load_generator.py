"""The generator of requests counts what a server answers, refuses and breaks off."""

import itertools
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benchmarks.load_generator import ask


class _Scripted(BaseHTTPRequestHandler):
    """Answers 200 or 503 as the address says, and breaks the connection at ``/break``."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/break":
            self.close_connection = True
            return
        body = b"x" * 5000
        self.send_response(int(self.path[1:4]))
        self.send_header("Content-Length", str(len(body)))
        if self.path.endswith("close"):
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Scripted)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_answers_are_counted_by_status_and_connections_opened_again(port: int) -> None:
    script = ["/200", "/200close", "/503", "/break"]
    seen = ask(port, itertools.cycle(script), 1, 0.5)
    counts = seen.statuses()
    assert set(counts) == {0, 200, 503}
    assert abs(counts[200] - 2 * counts[503]) <= 2
    assert abs(counts[0] - counts[503]) <= 1
    assert seen.failed() == counts[0] + counts[503]
    assert 0 < seen.percentile(50) <= seen.percentile(99)


def test_a_rate_is_kept_by_all_clients_together(port: int) -> None:
    seen = ask(port, itertools.repeat("/200"), 8, 1.0, rate=100.0)
    assert 80 <= seen.statuses()[200] <= 110
