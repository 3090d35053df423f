"""gunicorn's threaded worker, with requests read whole before a thread takes them.

gunicorn gives a connection to a thread as soon as it is accepted, so that a few clients that send slowly, or
nothing, hold every thread. Here the event loop, which any number of them cost nothing, collects a request; a
thread gets it when it is complete, and then has a deadline for whatever is left to receive or send.
"""

import errno
import selectors
import socket
import time
from collections import deque
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

from search_api.request_heads import is_whole

_CHUNK = 65536
#: Unfinished requests of one process, and bytes of them; beyond, the oldest connection is dropped.
_MOST_PENDING = 4096
_MOST_BYTES = 64_000_000


class _DeadlineSocket(socket.socket):
    """A socket on which receiving and sending end at a deadline, however slow the other side."""

    seconds = 30.0
    _deadline = 0.0

    def setblocking(self, flag: bool, /) -> None:
        """Blocking means until the deadline, which begins anew here."""
        if flag:
            self._deadline = time.monotonic() + self.seconds
            self.settimeout(self.seconds)
        else:
            super().setblocking(False)

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """What is there; a connection that passed its deadline counts as reset."""
        self._limit()
        try:
            return super().recv(size, flags)
        except TimeoutError as error:
            raise ConnectionResetError(errno.ECONNRESET, "the client is too slow") from error

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """Send everything before the deadline, or raise `ConnectionResetError`."""
        self._limit()
        try:
            super().sendall(data, flags)
        except TimeoutError as error:
            raise ConnectionResetError(errno.ECONNRESET, "the client is too slow") from error

    def _limit(self) -> None:
        if self.gettimeout() == 0.0:
            return
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise ConnectionResetError(errno.ECONNRESET, "the client is too slow")
        self.settimeout(left)


class _Connection(TConn):  # type: ignore[misc]
    """A connection with what it sent of its next request."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.received = bytearray()

    def init(self) -> None:
        """Give the parser what was collected."""
        super().init()
        if self.received:
            self.parser.unreader.unread(bytes(self.received))
            self.received = bytearray()


class Worker(ThreadWorker):  # type: ignore[misc]
    """Collects requests in the event loop; ``settings`` come with gunicorn's configuration."""

    pending_conns: deque[_Connection]
    #: Seconds that a client may take, and the largest body that is collected; `Server` sets both.
    seconds = 30.0
    largest_body = 16_000_000

    def accept(self, listener: socket.socket) -> None:
        """Take a connection and wait in the event loop for its request."""
        try:
            accepted, address = listener.accept()
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        client = _DeadlineSocket(fileno=accepted.detach())
        client.seconds = self.seconds
        self.nr_conns += 1
        self._collect(_Connection(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: _Connection, client: socket.socket) -> None:
        """A kept-alive connection sends its next request."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._collect(conn)

    def on_pending_socket_readable(self, conn: _Connection, client: socket.socket) -> None:
        """More of a request came: hand it on where it is complete."""
        try:
            data = client.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._drop(conn)
            return
        conn.received += data
        if is_whole(conn.received, self.largest_body):
            self.poller.unregister(client)
            self.pending_conns.remove(conn)
            conn.data_ready = True
            self.enqueue_req(conn)
        elif sum(len(c.received) for c in self.pending_conns) > _MOST_BYTES:
            self._drop(conn)

    def handle(self, conn: _Connection) -> Any:
        """Answer a complete request, in a thread."""
        if conn.initialized and conn.received:
            conn.parser.unreader.unread(bytes(conn.received))
            conn.received = bytearray()
        return super().handle(conn)

    def _collect(self, conn: _Connection) -> None:
        if len(self.pending_conns) >= _MOST_PENDING:
            self._drop(self.pending_conns[0])
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + self.seconds
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def _drop(self, conn: _Connection) -> None:
        self.poller.unregister(conn.sock)
        self.pending_conns.remove(conn)
        self.nr_conns -= 1
        conn.close()
