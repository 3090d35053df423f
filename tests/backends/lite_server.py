"""A real Milvus Lite behind a real port, and three that misbehave."""

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_MOST_BYTES = 256 * 1024 * 1024


@contextmanager
def served(folder: Path, changed: Callable[[Any], Any] | None = None) -> Iterator[str]:
    """The address of a Milvus Lite over ``folder``; ``changed`` may take the place of some of its answers."""
    import grpc
    from milvus_lite.adapter.grpc.servicer import MilvusServicer
    from milvus_lite.db import MilvusLite
    from pymilvus.grpc_gen import milvus_pb2_grpc

    db = MilvusLite(str(folder))
    options = [(f"grpc.max_{way}_message_length", _MOST_BYTES) for way in ("receive", "send")]
    server = grpc.server(ThreadPoolExecutor(8), options=options)
    servicer = MilvusServicer(db)
    milvus_pb2_grpc.add_MilvusServiceServicer_to_server(changed(servicer) if changed else servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.stop(grace=1).wait()
        db.close()


def of_version(version: str) -> Callable[[Any], Any]:
    """A server that says it is of another version."""

    def changed(servicer: Any) -> Any:
        from pymilvus.grpc_gen import milvus_pb2

        servicer.GetVersion = lambda request, context: milvus_pb2.GetVersionResponse(version=version)
        return servicer

    return changed


class LosesNode:
    """A server whose writing node is lost after some calls, for as long as `lost` says.

    ``late`` writes before it is lost, as a node does whose answer never arrives.
    """

    def __init__(self, after: int, times: int, late: bool = False) -> None:
        self.after, self.times, self.late = after, times, late
        self.lost = 0
        self.asked: list[str] = []

    @property
    def calls(self) -> int:
        """How often it was asked to write."""
        return len(self.asked)

    def __call__(self, servicer: Any) -> Any:
        """Put itself before the calls that write."""
        for name in ("Insert", "Upsert"):
            setattr(servicer, name, self._losing(name, getattr(servicer, name)))
        return servicer

    def _losing(self, name: str, write: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        def losing(request: Any, context: Any) -> Any:
            import grpc

            self.asked.append(name)
            if self.calls > self.after and self.lost < self.times:
                self.lost += 1
                if self.late:
                    write(request, context)
                context.abort(grpc.StatusCode.UNAVAILABLE, "the node is gone")
            return write(request, context)

        return losing


def closed_port() -> int:
    """A port at which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
