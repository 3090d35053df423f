"""The stores of a generation that is being built: encoder, library, vectors, words, what ranking needs.

Everything is written anew but what the generation before can lend: the encoder's files, and the vectors of
texts that did not change. Sources pass through one after another; of each no more is kept in memory than
where its passages lie.
"""

import os
import shutil
from array import array
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus.errors import ModelError
from corpus.linking import Linker, LinkReport
from corpus.passages import LEAST_TOKENS
from corpus.records import Source
from corpus.synonyms import Synonyms
from indexer import background, compiling, forward, lexical, stretches, synonyms, vectors
from indexer.background import Background, TitledRows
from indexer.cluster import ClusterEncoder
from indexer.encoder import TOKENIZER_FILE, Encoder, OpenVinoEncoder
from indexer.encoding import LocalEncoder, SliceEncoder, Texts
from indexer.gathering import Gathered
from indexer.generation import ENCODER_FOLDER, LIBRARY_FILE, Generation
from indexer.journal import Journal
from indexer.library import Library
from indexer.library_writing import LibraryWriter
from indexer.models import ModelFiles
from indexer.preparing import Prepared
from indexer.vector_tuning import asked_vectors
from indexer.vectors import VectorKind
from indexer.working import Splitting, prepared_in_order

#: Told the stage, what is finished of it and what there is to do in all, 0 where that is not known.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Plan:
    """What the next generation will hold, and what of an earlier one with the same model it can use.

    ``index`` is the folder of the index, ``scratch`` one for what is not kept in memory, ``jobs`` the number
    of processes.
    """

    gathered: Gathered
    synonyms: Synonyms
    model: ModelFiles
    earlier: Generation | None
    earlier_library: Library | None
    aside: bool
    index: Path
    scratch: Path
    jobs: int = 1
    ray: str | None = None
    vectors: VectorKind = "auto"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the counts, the links, what cosines are worth, the vectors' kind.

    ``encoded`` texts were encoded now, ``resumed`` by an earlier build that was cut off; ``cut`` passages end
    inside a sentence.
    """

    counts: dict[str, int]
    links: LinkReport
    encoded: int
    resumed: int
    cut: int
    background: Background
    vectors: dict[str, Any]


def provide_encoder(folder: Path, plan: Plan) -> Encoder:
    """The encoder folder of the new generation: the earlier one's files, or a fresh compilation."""
    target = folder / ENCODER_FOLDER
    if plan.earlier is None:
        target.mkdir()
        compiling.compile_encoder(plan.model, target)
    else:
        shutil.copytree(plan.earlier.path / ENCODER_FOLDER, target, copy_function=_link_or_copy)
    encoder = OpenVinoEncoder(target)
    if encoder.max_tokens < LEAST_TOKENS:
        raise ModelError(
            plan.model.name,
            f"reads {encoder.max_tokens} tokens, too few for a passage and its title",
            f"use a model that reads at least {LEAST_TOKENS}",
        )
    return encoder


def _link_or_copy(source: str, target: str) -> None:
    """Published files never change, so two generations can share one by a hard link."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def write(folder: Path, plan: Plan, encoder: Encoder, progress: Progress | None) -> Written:
    """Write all stores but the encoder."""
    told = progress if progress is not None else _unheard
    linker = Linker(plan.gathered.catalogue)
    with closing(Texts(plan.scratch, encoder.dim)) as texts:
        stores = _Stores(folder)
        splitting = Splitting(folder / ENCODER_FOLDER / TOKENIZER_FILE, encoder.max_tokens)
        sources = map(linker.link, plan.gathered.sources.values())
        digests = plan.gathered.sources.digests()
        for number, pair in enumerate(prepared_in_order(sources, splitting, plan.jobs), 1):
            stores.add(*pair, texts, digests[pair[0].source_id])
            told("splitting", number, len(digests))
        stores.close_words(folder)
        encoded, resumed = _encode(folder, plan, texts, encoder, told)
        stores.close_library(texts)
        matrix = texts.matrix()
        vectors.write(matrix, encoder.dim, folder / vectors.FILE)
        titles = [title for title, _, _ in stores.titled]
        arranged = vectors.arrange(folder, plan.vectors, lambda: asked_vectors(encoder, titles))
        stretches.write(matrix, np.array(stores.starts, dtype=np.int64), folder / stretches.FILE)
        if plan.synonyms.groups:
            synonyms.write(plan.synonyms, folder / synonyms.FILE)
        measured = background.measured(encoder, stores.titled, matrix)
    return Written(stores.counts, linker.report(), encoded, resumed, stores.cut, measured, arranged)


class _Stores:
    """Library, lexical leg and forward index, filled source by source, and what the vectors' files need."""

    def __init__(self, folder: Path) -> None:
        self._library = LibraryWriter(folder / LIBRARY_FILE)
        (folder / lexical.FOLDER).mkdir()
        self._lexical = lexical.LexicalWriter(folder / lexical.FOLDER)
        self._forward = forward.ForwardWriter()
        #: The row at which each stretch begins.
        self.starts = array("q")
        self.titled: list[TitledRows] = []
        self.counts = {"articles": 0, "studies": 0, "passages": 0}
        self.cut = 0

    def add(self, source: Source, found: Prepared, texts: Texts, sha256: str) -> None:
        """Write a linked source by the digest of its record, its passages and their terms."""
        self._library.add_source(source, sha256)
        first = row = self.counts["passages"]
        for stretch in found.stretches:
            self.starts.append(row)
            self._forward.add_terms(found.names, stretch)
            for head, (begin, end) in zip(stretch.heads, stretch.spans, strict=True):
                digest = found.digests[row - first]
                self._library.add_passage(found.passages[row - first], digest.hex())
                self._lexical.add_terms(row, source, (*head, *stretch.body[begin:end]), found.names)
                texts.add(digest, found.forms[row - first])
                row += 1
        if row > first and source.title:
            self.titled.append((source.title, first, row))
        self.counts["articles" if source.kind == "article" else "studies"] += 1
        self.counts["passages"] = row
        self.cut += found.cut

    def close_words(self, folder: Path) -> None:
        """Finish what needs no vectors and may be let go of while these are made."""
        self._lexical.close()
        (folder / forward.FOLDER).mkdir()
        self._forward.close(folder / forward.FOLDER)
        del self._lexical, self._forward

    def close_library(self, texts: Texts) -> None:
        """Write the vectors and finish the library."""
        for part in texts.by_digest():
            self._library.add_vectors(part)
        self._library.close()


def _encode(folder: Path, plan: Plan, texts: Texts, encoder: Encoder, told: Progress) -> tuple[int, int]:
    """See to it that every text has its vector; how many were encoded, and how many an earlier build had."""
    journal = Journal(plan.index, plan.model.fingerprint, encoder.dim)
    with closing(journal):
        missing, resumed = texts.take(plan.earlier_library, journal)
        finished = 0

        def done(count: int) -> None:
            nonlocal finished
            finished += count
            told("encoding", finished, len(missing))

        if missing:
            texts.encode(missing, _slice_encoder(folder, plan, encoder), journal, done)
    return len(missing), resumed


def _slice_encoder(folder: Path, plan: Plan, encoder: Encoder) -> SliceEncoder:
    if plan.ray is not None:
        return ClusterEncoder(plan.ray, folder / ENCODER_FOLDER)
    device = compiling.cuda_device()
    return LocalEncoder(compiling.TorchEncoder(plan.model, device) if device else encoder)


def _unheard(stage: str, finished: int, total: int) -> None:
    """Progress that nobody wants to hear of."""
