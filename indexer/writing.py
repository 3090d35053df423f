"""The stores of a generation that is being built: encoder, library, vectors, words, what ranking needs.

Everything is written anew but what the generation before can lend: the encoder's files, and the vectors of
texts that did not change.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.errors import ModelError
from corpus.passages import LEAST_TOKENS, encoded_form, fitting_context, split
from corpus.records import Passage, Source
from corpus.synonyms import Synonyms
from indexer import background, compiling, forward, lexical, stretches, synonyms, vectors
from indexer.background import Background
from indexer.encoder import Encoder, OpenVinoEncoder
from indexer.generation import ENCODER_FOLDER, LIBRARY_FILE, Generation
from indexer.library import Library
from indexer.library_writing import LibraryWriter
from indexer.models import ModelFiles
from indexer.vector_tuning import asked_vectors
from indexer.vectors import VectorKind

Progress = Callable[[str, int, int], None]
_VECTOR_SLICE = 2048


@dataclass(frozen=True)
class Plan:
    """What the next generation will hold, and what of an earlier one with the same model it can use."""

    sources: dict[str, Source]
    synonyms: Synonyms
    model: ModelFiles
    earlier: Generation | None
    earlier_library: Library | None
    aside: bool
    vectors: VectorKind = "auto"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: counts, how many texts were encoded, what cosines are worth, the vectors' kind."""

    counts: dict[str, int]
    encoded: int
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


def split_all(sources: Sequence[Source], encoder: Encoder) -> tuple[list[tuple[Source, Passage]], int]:
    """The passages of all sources, and how many of them end inside a sentence."""
    pairs: list[tuple[Source, Passage]] = []
    cut = 0
    for source in sources:
        result = split(source, encoder.count_tokens, encoder.max_tokens)
        pairs += [(source, passage) for passage in result.passages]
        cut += result.cut_sentences
    return pairs, cut


def write(
    folder: Path,
    plan: Plan,
    sources: Sequence[Source],
    pairs: Sequence[tuple[Source, Passage]],
    encoder: Encoder,
    progress: Progress | None,
) -> Written:
    """Write all stores but the encoder."""
    writer = LibraryWriter(folder / LIBRARY_FILE)
    for source in sources:
        writer.add_source(source)
    texts = [_encoded_form(source, passage, encoder) for source, passage in pairs]
    digests = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    found, encoded = _vectors_of(dict(zip(digests, texts, strict=True)), plan, encoder, progress)
    writer.add_vectors(found)
    (folder / lexical.FOLDER).mkdir()
    lexical_writer = lexical.LexicalWriter(folder / lexical.FOLDER)
    for (source, passage), digest in zip(pairs, digests, strict=True):
        row = writer.add_passage(passage, digest)
        lexical_writer.add(row, passage, source)
    writer.close()
    lexical_writer.close()
    matrix = np.array([found[digest] for digest in digests], dtype=np.float16).reshape(-1, encoder.dim)
    vectors.write(matrix, encoder.dim, folder / vectors.FILE)
    arranged = vectors.arrange(folder, plan.vectors, lambda: asked_vectors(encoder, sources))
    starts = stretches.stretch_starts(pairs)
    stretches.write(matrix, np.array(starts, dtype=np.int64), folder / stretches.FILE)
    _write_forward(folder, pairs, starts)
    if plan.synonyms.groups:
        synonyms.write(plan.synonyms, folder / synonyms.FILE)
    kinds = [source.kind for source in sources]
    counts = {"articles": kinds.count("article"), "studies": kinds.count("study"), "passages": len(pairs)}
    return Written(counts, encoded, background.measured(encoder, pairs, matrix), arranged)


def _write_forward(folder: Path, pairs: Sequence[tuple[Source, Passage]], starts: Sequence[int]) -> None:
    """Write the forward index, stretch by stretch."""
    writer = forward.ForwardWriter()
    for begin, end in pairwise([*starts, len(pairs)]):
        writer.add(pairs[begin][0], [passage for _, passage in pairs[begin:end]])
    (folder / forward.FOLDER).mkdir()
    writer.close(folder / forward.FOLDER)


def _encoded_form(source: Source, passage: Passage, encoder: Encoder) -> str:
    context = fitting_context(source.title, passage.section, encoder.count_tokens, encoder.max_tokens)
    return encoded_form(*context, passage.text)


def _vectors_of(
    texts: Mapping[str, str], plan: Plan, encoder: Encoder, progress: Progress | None
) -> tuple[dict[str, npt.NDArray[np.float16]], int]:
    """A vector for each distinct text, by digest: from the earlier generation, else encoded now."""
    found = plan.earlier_library.vectors(texts) if plan.earlier_library else {}
    missing = [digest for digest in texts if digest not in found]
    device = compiling.cuda_device() if missing else None
    bulk = compiling.TorchEncoder(plan.model, device) if device else encoder
    finished = 0

    def done(count: int) -> None:
        nonlocal finished
        finished += count
        if progress is not None:
            progress("encoding", finished, len(missing))

    for begin in range(0, len(missing), _VECTOR_SLICE):
        part = missing[begin : begin + _VECTOR_SLICE]
        encoded = bulk.encode_passages([texts[digest] for digest in part], done)
        found |= dict(zip(part, encoded.astype(np.float16), strict=True))
    return found, len(missing)
