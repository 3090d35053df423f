"""A small generator of requests: connections are kept, requests written whole, times are by the steady clock.

Written here because generator and server share two cores: a request costs this one about 0.1 ms of processor
time, httpx some 1 ms. locust brings gevent and twenty packages more and costs as httpx does; wrk asks one
address over and over unless it is scripted, and does not tell refusals from answers in its percentiles.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

_TIMEOUT = 30.0


@dataclass
class Seen:
    """What came back: milliseconds by status (0 where a connection broke), and over how many seconds."""

    times: dict[int, list[float]] = field(default_factory=dict)
    seconds: float = 0.0

    def add(self, status: int, milliseconds: float) -> None:
        """Count an answer."""
        self.times.setdefault(status, []).append(milliseconds)

    def statuses(self) -> dict[int, int]:
        """How many answers had each status."""
        return dict(sorted(Counter({status: len(times) for status, times in self.times.items()}).items()))

    def rate(self, status: int = 200) -> float:
        """Answers a second."""
        return len(self.times.get(status, ())) / self.seconds if self.seconds else 0.0

    def percentile(self, percent: float, status: int = 200) -> float:
        """Milliseconds within which so many of the answers came; 0 where there was none."""
        times = self.times.get(status)
        return float(np.percentile(times, percent)) if times else 0.0

    def failed(self) -> int:
        """Requests without a good answer."""
        return sum(len(times) for status, times in self.times.items() if status != 200)


class _Connection:
    """One connection, opened anew where the server closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, address: str) -> int:
        """The status of an address, its body read; 0 where no answer came."""
        try:
            return await asyncio.wait_for(self._asked(address), _TIMEOUT)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            self.close()
            return 0

    def close(self) -> None:
        """Close it."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _asked(self, address: str) -> int:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        if b"connection: close" in head:
            self.close()
        return int(head[9:12])


def ask(port: int, addresses: Iterator[str], clients: int, seconds: float, rate: float | None = None) -> Seen:
    """Ask for so long: each client one request after the other, or all together at ``rate`` a second.

    Where the rate is more than comes back, a client that is still waiting sends its next request late.
    """
    return asyncio.run(_ask(port, addresses, clients, seconds, rate))


async def _ask(port: int, addresses: Iterator[str], clients: int, seconds: float, rate: float | None) -> Seen:
    seen = Seen()
    began = time.perf_counter()
    pause = clients / rate if rate else 0.0

    async def client(number: int) -> None:
        connection = _Connection(port)
        due = began + pause * number / clients
        while (now := time.perf_counter()) < began + seconds:
            if pause:
                if due > now:
                    await asyncio.sleep(due - now)
                due = max(due + pause, time.perf_counter() - pause)
            sent = time.perf_counter()
            status = await connection.get(next(addresses))
            seen.add(status, (time.perf_counter() - sent) * 1000)
        connection.close()

    await asyncio.gather(*(client(number) for number in range(clients)))
    seen.seconds = time.perf_counter() - began
    return seen
