"""kill -9 of a worker and of the master; clients that are slow, idle or gone."""

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.running_server import Running, running, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux"),
]


@pytest.fixture(scope="module")
def server(starter_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    log = tmp_path_factory.mktemp("log") / "log"
    with running(starter_index, log, "--request-seconds", "3", "--waiting", "2") as started:
        yield started


def test_a_worker_that_is_killed_is_replaced_and_the_log_says_so(server: Running) -> None:
    (worker,) = server.workers()
    os.kill(worker, signal.SIGKILL)
    until(lambda: server.get()[0] == 200)
    assert server.workers() != [worker]
    assert f"Worker (pid:{worker}) was sent SIGKILL" in server.log.read_text()


def test_after_the_master_was_killed_its_workers_go_and_another_takes_the_port(
    starter_index: Path, tmp_path: Path
) -> None:
    with running(starter_index, tmp_path / "log") as first:
        workers = first.workers()
        first.process.kill()
        first.process.wait()
        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers), 20)
        with running(starter_index, tmp_path / "log", port=first.port) as second:
            assert second.get()[0] == 200


def _connected(server: Running) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=20)


def test_clients_that_send_slowly_or_nothing_hold_nobody_up(server: Running) -> None:
    slow = [_connected(server) for _ in range(200)]
    for number, client in enumerate(slow):
        if number % 3 == 0:
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        elif number % 3 == 1:
            client.sendall(b"POST /v1/search HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{")
    try:
        began = time.monotonic()
        assert server.get()[0] == 200
        assert time.monotonic() - began < 3.0
        slow[0].settimeout(20)
        assert slow[0].recv(100) == b"", "a client that never finishes is cut off after --request-seconds"
    finally:
        for client in slow:
            client.close()


def test_a_client_that_goes_in_the_middle_leaves_the_server_as_it_was(server: Running) -> None:
    for sent in (
        b"GET",
        b"POST /v1/search HTTP/1.1\r\nContent-Length: 9\r\n\r\n{",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    ):
        client = _connected(server)
        client.sendall(sent)
        client.close()
    assert server.get()[0] == 200
    assert "Traceback" not in server.log.read_text()


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + b"a" * 1_000_000 + b"\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n",
    ],
    ids=["a key of a megabyte", "a zero byte", "two lengths", "TLS"],
)
def test_a_request_that_is_none_is_refused(server: Running, sent: bytes) -> None:
    with _connected(server) as client:
        try:
            client.sendall(sent)
            answer = client.recv(1000)
        except ConnectionResetError:
            answer = b""
    assert answer == b"" or answer.startswith(b"HTTP/1.1 4"), answer
    assert server.get()[0] == 200


def test_a_body_in_pieces_and_in_chunks_is_read_whole(server: Running) -> None:
    head = b"POST /v1/search HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
    body = b'{"query": "natto", "limit": 1}'
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    whole = (
        head + b"Content-Length: %d\r\n\r\n" % len(body) + body,
        head + b"Transfer-Encoding: chunked\r\n\r\n" + chunked,
    )
    for sent in whole:
        with _connected(server) as client:
            for at in range(0, len(sent), 40):
                client.sendall(sent[at : at + 40])
                time.sleep(0.01)
            assert client.recv(1000).startswith(b"HTTP/1.1 200"), sent


def test_many_more_requests_than_it_can_carry_get_answers_or_503_and_it_recovers(
    server: Running,
) -> None:
    codes: list[int] = []
    lock = threading.Lock()

    def ask(number: int) -> None:
        for turn in range(4):
            status, _ = server.get(f"/v1/search?query=question+{number}+{turn}&limit=1")
            with lock:
                codes.append(status)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(codes) <= {200, 503}, codes
    assert 200 in codes
    assert 503 in codes
    assert server.get()[0] == 200


def test_a_request_under_way_is_answered_when_the_server_is_told_to_stop(
    starter_index: Path, tmp_path: Path
) -> None:
    with running(starter_index, tmp_path / "log") as stopping:
        body = b'{"query": "natto", "limit": 1}'
        head = b"POST /v1/search HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        with _connected(stopping) as client:
            client.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body) + body[:5])
            time.sleep(0.3)
            stopping.process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            client.sendall(body[5:])
            assert client.recv(1000).startswith(b"HTTP/1.1 200")
        assert stopping.process.wait(20) == 0
