"""read -> link -> split -> encode what is new -> write -> publish.

A build adds to what the index holds: sources read again replace their old selves, the others stay
(or go, with ``prune``). Nothing is published when nothing changed. A build aside makes a generation beside
the live one, also with another model.
"""

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.errors import FingerprintError, ModelError
from corpus.identity import Merged
from corpus.linking import (
    LINKING_VERSION,
    Catalogue,
    LinkReport,
    UnresolvedMention,
    UnresolvedReference,
    link,
)
from corpus.passages import (
    LEAST_TOKENS,
    SPLITTER_VERSION,
    TARGET_TOKENS,
    WINDOW_SENTENCES,
    WINDOW_STRIDE,
    encoded_form,
    fitting_context,
    split,
)
from corpus.records import Passage, Skipped, Source
from corpus.standing import StandingReport
from indexer import compiling, forward, lexical, stretches, vectors
from indexer.encoder import Encoder, OpenVinoEncoder
from indexer.gathering import Gathered, gather
from indexer.generation import ENCODER_FOLDER, LIBRARY_FILE, Generation, IndexDirectory
from indexer.library import Library, LibraryWriter
from indexer.models import DEFAULT_MODEL, ModelFiles, locate

Progress = Callable[[str, int, int], None]
_VECTOR_SLICE = 2048


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did; ``published`` is false where nothing had changed.

    ``aside`` is true where the generation stands beside the live one.
    """

    index_version: str
    published: bool
    aside: bool
    counts: Mapping[str, int]
    encoded: int
    removed: int
    cut_sentences: int
    unresolved: tuple[UnresolvedReference, ...]
    mentions: int
    unresolved_mentions: tuple[UnresolvedMention, ...]
    skipped: tuple[Skipped, ...]
    merged: tuple[Merged, ...]
    standing: StandingReport
    seconds: float


def build(
    index: Path,
    paths: Sequence[Path],
    model: str | None = None,
    prune: bool = False,
    progress: Progress | None = None,
    retractions: Path | None = None,
    aside: bool = False,
) -> BuildReport:
    """Build or update the index at ``index`` from ``paths`` and publish it, or set it ``aside``.

    ``model`` is a sentence-transformers model by name or folder (default: the index's own, else
    all-MiniLM-L6-v2), ``retractions`` a Retraction Watch CSV. Without ``paths`` the sources are those of
    the index. Raises a `FootnoteError`; whatever was live before then still is.
    """
    began = time.monotonic()
    directory = IndexDirectory(index)
    with directory.writing(), ExitStack() as opened:
        live = directory.open() if directory.current_name() is not None or aside else None
        live_library = opened.enter_context(closing(_library(live))) if live else None
        chosen = _chosen_model(model, live, aside)
        gathered = gather(paths, retractions, live_library, prune)
        earlier = _same_model(directory, live, chosen, aside)
        earlier_library = opened.enter_context(closing(_library(earlier))) if earlier else None
        if earlier and earlier_library and _says_the_same(earlier, earlier_library, gathered):
            return _unchanged(earlier, gathered, began)
        plan = _Plan(gathered.sources, chosen, earlier, earlier_library, aside)
        with directory.building() as folder:
            return _publish(directory, folder, plan, gathered, progress, began)


@dataclass(frozen=True)
class _Plan:
    """What the next generation will hold, and what of an earlier one with the same model it can use."""

    sources: dict[str, Source]
    model: ModelFiles
    earlier: Generation | None
    earlier_library: Library | None
    aside: bool


def _says_the_same(earlier: Generation, library: Library, gathered: Gathered) -> bool:
    """Whether a build would give what the earlier generation holds: the same records, linked as today."""
    linking = earlier.manifest.parameters.get("linking")
    return library.digests() == gathered.digests and linking == LINKING_VERSION


def _library(generation: Generation) -> Library:
    return Library(generation.path / LIBRARY_FILE)


def _chosen_model(name: str | None, live: Generation | None, aside: bool) -> ModelFiles:
    own = str(live.manifest.parameters["model"]) if live else DEFAULT_MODEL
    if live is None or name is None or name == own:
        return locate(name or own)
    if aside or Path(name).is_dir():
        found = locate(name)
        if found.fingerprint == live.manifest.fingerprint:
            return replace(found, name=own)
        if aside:
            return found
    raise FingerprintError(
        f"--model {name}",
        f"this index was made with {own}, and vectors of two models cannot be mixed",
        "build beside it with --aside, give another --index, or leave --model out",
    )


def _same_model(
    directory: IndexDirectory, live: Generation | None, model: ModelFiles, aside: bool
) -> Generation | None:
    """The generation whose vectors the next one can take: the live one, or one set aside before."""
    known = [live] if live else []
    if aside:
        known += directory.asides()
    same = (g for g in known if g.manifest.fingerprint == model.fingerprint)
    return next(same, None)


def _publish(
    directory: IndexDirectory,
    folder: Path,
    plan: _Plan,
    gathered: Gathered,
    progress: Progress | None,
    began: float,
) -> BuildReport:
    linked, links = _linked(plan.sources)
    encoder = _provide_encoder(folder, plan)
    passages, cut = _split_all(linked, encoder)
    counts, encoded = _write(folder, plan, linked, passages, encoder, progress)
    parameters: dict[str, Any] = {
        "model": plan.model.name,
        "dim": encoder.dim,
        "max_tokens": encoder.max_tokens,
        "splitter": SPLITTER_VERSION,
        "linking": LINKING_VERSION,
        "target_tokens": TARGET_TOKENS,
        "window_sentences": WINDOW_SENTENCES,
        "window_stride": WINDOW_STRIDE,
        "vectors": vectors.KIND,
    }
    counts |= {
        "references": links.references,
        "resolved_references": links.resolved,
        "prose_mentions": links.mentions,
        "resolved_prose_mentions": links.mentions - len(links.unresolved_mentions),
    }
    publish = directory.set_aside if plan.aside else directory.publish
    generation = publish(folder, plan.model.fingerprint, parameters, counts)
    return _report(generation, True, counts, links, gathered, began, encoded, cut)


def _report(
    generation: Generation,
    published: bool,
    counts: Mapping[str, int],
    links: LinkReport,
    gathered: Gathered,
    began: float,
    encoded: int = 0,
    cut: int = 0,
) -> BuildReport:
    return BuildReport(
        index_version=generation.manifest.index_version,
        published=published,
        aside=generation.manifest.aside,
        counts=counts,
        encoded=encoded,
        removed=gathered.removed,
        cut_sentences=cut,
        unresolved=links.unresolved,
        mentions=links.mentions,
        unresolved_mentions=links.unresolved_mentions,
        skipped=gathered.skipped,
        merged=gathered.merged,
        standing=gathered.standing,
        seconds=time.monotonic() - began,
    )


def _unchanged(generation: Generation, gathered: Gathered, began: float) -> BuildReport:
    """The report of a build that publishes nothing: linked again, because a generation keeps no reasons."""
    _, links = _linked(gathered.sources)
    return _report(generation, False, generation.manifest.counts, links, gathered, began)


def _linked(sources: Mapping[str, Source]) -> tuple[list[Source], LinkReport]:
    ordered = [sources[source_id] for source_id in sorted(sources)]
    return link(ordered, Catalogue.of(ordered))


def _provide_encoder(folder: Path, plan: _Plan) -> Encoder:
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


def _split_all(sources: Sequence[Source], encoder: Encoder) -> tuple[list[tuple[Source, Passage]], int]:
    pairs: list[tuple[Source, Passage]] = []
    cut = 0
    for source in sources:
        result = split(source, encoder.count_tokens, encoder.max_tokens)
        pairs += [(source, passage) for passage in result.passages]
        cut += result.cut_sentences
    return pairs, cut


def _write(
    folder: Path,
    plan: _Plan,
    sources: Sequence[Source],
    pairs: Sequence[tuple[Source, Passage]],
    encoder: Encoder,
    progress: Progress | None,
) -> tuple[dict[str, int], int]:
    """Write library, vectors and lexical index; the counts, and how many texts were encoded."""
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
    starts = stretches.stretch_starts(pairs)
    stretches.write(matrix, np.array(starts, dtype=np.int64), folder / stretches.FILE)
    _write_forward(folder, pairs, starts)
    kinds = [source.kind for source in sources]
    counts = {"articles": kinds.count("article"), "studies": kinds.count("study"), "passages": len(pairs)}
    return counts, encoded


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
    texts: Mapping[str, str], plan: _Plan, encoder: Encoder, progress: Progress | None
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
