"""Ten thousand connections that ask nothing, and bodies that never end: who asks is answered."""

import contextlib
import resource
import select
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.running_server import Running, running, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux"),
]

_IDLE = 10_000
#: What a process may keep open besides, in this test.
_OTHERS = 500


@pytest.fixture
def many_files() -> Iterator[int]:
    """As many open files as the system grants this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _IDLE + _OTHERS if hard == resource.RLIM_INFINITY else min(hard, _IDLE + _OTHERS)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield wanted
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def _resident_mb(pid: int) -> float:
    return int(Path(f"/proc/{pid}/status").read_text().split("VmRSS:")[1].split()[0]) / 1024


def _still_open(clients: list[socket.socket]) -> int:
    poller = select.poll()
    for client in clients:
        poller.register(client, select.POLLIN)
    return len(clients) - len(poller.poll(0))


def _answered_in(server: Running, question: str) -> float:
    began = time.monotonic()
    assert server.get(f"/v1/search?query={question}&limit=1")[0] == 200
    return time.monotonic() - began


def test_ten_thousand_idle_connections_keep_nobody_waiting(
    starter_index: Path, tmp_path: Path, many_files: int
) -> None:
    if many_files < _IDLE + _OTHERS:
        pytest.skip(f"this system grants {many_files} open files; raise them with ulimit -Hn")
    with running(starter_index, tmp_path / "log", "--request-seconds", "120") as server:
        server.get()
        (worker,) = server.workers()
        before = _resident_mb(worker)
        clients: list[socket.socket] = []
        try:
            for number in range(_IDLE):
                clients.append(socket.create_connection(("127.0.0.1", server.port), timeout=20))
                if number % 1000 == 999:
                    assert _answered_in(server, f"idle+{number}") < 3.0
            held = until(lambda: (left := _still_open(clients)) <= 4096 and left)
            assert held > 4000, "the oldest make room, the others stay"
            assert _answered_in(server, "natto") < 3.0
            assert _resident_mb(worker) - before < 100
        finally:
            for client in clients:
                client.close()
        assert _answered_in(server, "cheese") < 3.0
        assert server.workers() == [worker]
        assert "Traceback" not in server.log.read_text()


def test_a_client_that_keeps_its_side_open_after_its_answer_keeps_nobody_waiting(
    starter_index: Path, tmp_path: Path
) -> None:
    with running(starter_index, tmp_path / "log") as server, contextlib.ExitStack() as opened:
        server.get()
        clients = []
        for _ in range(20):
            address = ("127.0.0.1", server.port)
            client = opened.enter_context(socket.create_connection(address, timeout=20))
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert client.recv(1000).startswith(b"HTTP/1.1 200")
            clients.append(client)
        assert _answered_in(server, "natto") < 2.0
        assert _answered_in(server, "cheese") < 2.0
        for client in clients:
            rest = b"".join(iter(lambda client=client: client.recv(1000), b""))
            assert rest.endswith(b"}\n") or rest == b""


def test_bodies_that_never_end_put_out_those_that_hold_most_and_nobody_else(
    starter_index: Path, tmp_path: Path
) -> None:
    head = (
        b"POST /v1/cite HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 15999999\r\n\r\n"
    )
    body = b'{"query": "natto", "limit": 1}'
    small = b"POST /v1/search HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n"
    with running(starter_index, tmp_path / "log") as server, contextlib.ExitStack() as opened:

        def connected() -> socket.socket:
            address = ("127.0.0.1", server.port)
            return opened.enter_context(socket.create_connection(address, timeout=20))

        honest = connected()
        honest.sendall(small + b"Content-Length: %d\r\n\r\n" % len(body) + body[:5])
        greedy = [connected() for _ in range(6)]
        for client in greedy:
            with contextlib.suppress(OSError):
                client.sendall(head + b"x" * 14_000_000)
        assert until(lambda: _still_open(greedy) < len(greedy))
        assert _still_open(greedy) >= 3
        honest.sendall(body[5:])
        assert honest.recv(1000).startswith(b"HTTP/1.1 200")
        assert server.get()[0] == 200, server.log.read_text()[-3000:]
