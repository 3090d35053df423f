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
from collections.abc import Callable
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

from search_api.request_heads import is_whole

_CHUNK = 65536
#: Unfinished requests of one process; beyond, the oldest connection is dropped.
_MOST_PENDING = 4096
#: Bytes of all unfinished requests, or twice the largest body; beyond, what holds most is dropped.
_MOST_BYTES = 64_000_000
#: How long an answered connection may stay half open, in seconds, and how many of them.
_LINGER_SECONDS = 2.0
_MOST_LINGERING = 1024


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
        self.dropped = False
        #: Takes the connection over once all was sent; `Worker` sets it.
        self.linger: Callable[[_Connection], None] | None = None

    def init(self) -> None:
        """Give the parser what was collected."""
        super().init()
        if self.received:
            self.parser.unreader.unread(bytes(self.received))
            self.received = bytearray()

    def close(self, graceful: bool = False) -> None:
        """Close now, or, where that is to be graceful, when the other side has: in the event loop."""
        if graceful and self.linger is not None:
            self.linger(self)
        else:
            super().close()


class Worker(ThreadWorker):  # type: ignore[misc]
    """Collects requests in the event loop; ``settings`` come with gunicorn's configuration."""

    pending_conns: deque[_Connection]
    #: Bytes of all that is pending.
    collected = 0
    #: Answered and half closed.
    lingering: deque[_Connection]
    #: Seconds that a client may take, and the largest body that is collected; `Server` sets both.
    seconds = 30.0
    largest_body = 16_000_000

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.lingering = deque()

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
        conn = _Connection(self.cfg, client, address, listener.getsockname())
        conn.linger = self._linger
        self._collect(conn)

    def on_client_socket_readable(self, conn: _Connection, client: socket.socket) -> None:
        """A kept-alive connection sends its next request."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._collect(conn)

    def on_pending_socket_readable(self, conn: _Connection, client: socket.socket) -> None:
        """More of a request came: hand it on where it is complete."""
        if conn.dropped:  # to make room, after the poller told of it
            return
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
        self.collected += len(data)
        if is_whole(conn.received, self.largest_body):
            self._no_longer_pending(conn)
            conn.data_ready = True
            self.enqueue_req(conn)
        elif self.collected > max(_MOST_BYTES, 2 * self.largest_body):
            self._drop(max(self.pending_conns, key=lambda pending: len(pending.received)))

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

    def murder_pending(self) -> None:
        """Drop what was not complete in time; gunicorn calls this about once a second."""
        now = time.monotonic()
        while self.pending_conns and self.pending_conns[0].timeout <= now:
            self._drop(self.pending_conns[0])
        while self.lingering and self.lingering[0].timeout <= now:
            self._forget(self.lingering[0])

    def _linger(self, conn: _Connection) -> None:
        """Say that no more comes, and drop what the other side still sends until it closes (RFC 9112, 9.6).

        gunicorn waits for that in the event loop, where one client that keeps its side open stops all others.
        """
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            conn.close()
            return
        if len(self.lingering) >= _MOST_LINGERING:
            self._forget(self.lingering[0])
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + _LINGER_SECONDS
        self.lingering.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._on_lingering_readable, conn))

    def _on_lingering_readable(self, conn: _Connection, client: socket.socket) -> None:
        if conn.dropped:
            return
        try:
            over = not client.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            over = True
        if over:
            self._forget(conn)

    def _forget(self, conn: _Connection) -> None:
        self.poller.unregister(conn.sock)
        self.lingering.remove(conn)
        conn.dropped = True
        conn.close()

    def _no_longer_pending(self, conn: _Connection) -> None:
        self.poller.unregister(conn.sock)
        self.pending_conns.remove(conn)
        self.collected -= len(conn.received)

    def _drop(self, conn: _Connection) -> None:
        self._no_longer_pending(conn)
        conn.dropped = True
        self.nr_conns -= 1
        conn.close()
