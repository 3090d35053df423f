"""The searcher of the live generation: opened once, replaced between requests after a publish."""

import logging
import threading
import time
from pathlib import Path

from corpus.errors import FootnoteError, IndexStateError
from indexer.compiling import open_reranker
from indexer.generation import IndexDirectory
from indexer.legs import Backend
from search_api.held_files import HeldFiles
from search_api.metrics import Metrics
from search_api.ranking_settings import DEFAULT_PROFILE
from search_api.search import Searcher

#: Files are looked at no more often than this.
_LOOK_SECONDS = 0.05

_LOG = logging.getLogger("footnote.live")


class LiveSearcher:
    """Hands out the searcher of the live generation; safe from several threads.

    A request keeps the searcher it was given, so a publish in its middle does not touch it. Where
    a new generation cannot be opened, the old one goes on answering and the log says why.
    """

    def __init__(
        self,
        index: Path,
        threads: int = 0,
        rerank: str | None = None,
        profile: str = DEFAULT_PROFILE,
        metrics: Metrics | None = None,
        watched: bool = False,
        backend: Backend | None = None,
    ) -> None:
        """With ``watched`` digests are checked at every opening, and files that change are noticed."""
        self._backend = backend
        self._directory = IndexDirectory(index)
        self._threads = threads
        self._rerank = rerank
        self._profile = profile
        self._metrics = metrics
        self._watched = watched
        self._files: HeldFiles | None = None
        self._looked = 0.0
        self._trusting = True
        self._lock = threading.Lock()
        self._searcher: Searcher | None = None
        self._refused: str | None = None

    def get(self) -> Searcher:
        """The searcher to use for one request; raises `IndexStateError` where none can be had."""
        self._look_at_files()
        held = self._searcher
        if held is None:
            with self._lock:
                return self._searcher or self._open()
        moved = self._published() not in (held.manifest.name, self._refused)
        # Whoever comes while another opens the new one is answered from the old one meanwhile.
        if moved and self._lock.acquire(blocking=False):
            try:
                self._move_on()
            finally:
                self._lock.release()
        return self._searcher or held

    def _look_at_files(self) -> None:
        """Let go of a generation whose files were changed in place; raises `IndexDamagedError`."""
        now = time.monotonic()
        if self._files is None or now - self._looked < _LOOK_SECONDS:
            return
        self._looked = now
        with self._lock:
            try:
                if self._files is not None:
                    self._files.check()
            except IndexStateError:
                # What is published next, or rolled back to, is opened; until then there is no answer.
                self._searcher = self._files = None
                self._trusting = False
                raise

    def _published(self) -> str | None:
        try:
            return self._directory.current_name()
        except FootnoteError:
            return None

    def _move_on(self) -> None:
        """Open what is live now; called with the lock held."""
        name = self._published()
        held = self._searcher
        if held is None or name is None or name == held.manifest.name:
            return
        try:
            self._open()
            _LOG.info("moved from generation %s to %s", held.manifest.name, name)
        except FootnoteError as error:
            self._refused = name
            _LOG.error("still answering from generation %s: %s", held.manifest.name, error)

    def _open(self) -> Searcher:
        generation = self._directory.open()
        files = HeldFiles(generation, self._trusting) if self._watched else None
        held = self._searcher
        same_model = held is not None and held.manifest.fingerprint == generation.manifest.fingerprint
        encoder = held.encoder if held is not None and same_model else None
        reranker = held.reranker if held is not None else None
        if reranker is None and self._rerank is not None:
            reranker = open_reranker(self._rerank, self._directory.path, self._threads or None)
        opened = Searcher.open(
            generation,
            encoder,
            self._threads,
            reranker=reranker,
            profile=self._profile,
            backend=self._backend,
        )
        if self._metrics is not None:
            opened.observe(self._metrics.searched)
            self._metrics.opened(generation.manifest)
        self._searcher, self._files = opened, files
        return opened
