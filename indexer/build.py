"""read -> link -> split -> encode what is new -> write -> publish.

A build adds to what the index holds: sources read again replace their old selves, the others stay
(or go, with ``prune``). Nothing is published when nothing changed.
"""

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.errors import FingerprintError
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
from indexer import compiling, lexical, vectors
from indexer.encoder import Encoder, OpenVinoEncoder
from indexer.gathering import Gathered, gather
from indexer.generation import ENCODER_FOLDER, LIBRARY_FILE, Generation, IndexDirectory
from indexer.library import Library, LibraryWriter
from indexer.models import DEFAULT_MODEL, ModelFiles, locate

Progress = Callable[[str, int, int], None]
_VECTOR_SLICE = 2048


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did; ``published`` is false where nothing had changed."""

    index_version: str
    published: bool
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
) -> BuildReport:
    """Build or update the index at ``index`` from ``paths`` and publish it.

    ``model`` is a sentence-transformers model by name or folder (default: the index's own, else
    all-MiniLM-L6-v2), ``retractions`` a Retraction Watch CSV. Raises a `FootnoteError`; whatever was
    live before then still is.
    """
    began = time.monotonic()
    directory = IndexDirectory(index)
    with directory.writing():
        earlier = directory.open() if directory.current_name() is not None else None
        earlier_library = Library(earlier.path / LIBRARY_FILE) if earlier else None
        try:
            chosen = _chosen_model(model, earlier)
            gathered = gather(paths, retractions, earlier_library, prune)
            plan = _Plan.of(gathered, earlier, earlier_library, chosen)
            if plan.unchanged and earlier is not None:
                return _unchanged(earlier, gathered, began)
            with directory.building() as folder:
                return _publish(directory, folder, plan, gathered, progress, began)
        finally:
            if earlier_library is not None:
                earlier_library.close()


@dataclass(frozen=True)
class _Plan:
    """What the next generation will hold, and what of the earlier one it can use."""

    sources: dict[str, Source]
    unchanged: bool
    model: ModelFiles
    earlier: Generation | None
    earlier_library: Library | None

    @classmethod
    def of(
        cls, gathered: Gathered, earlier: Generation | None, library: Library | None, model: ModelFiles
    ) -> "_Plan":
        if earlier is None or earlier.manifest.fingerprint != model.fingerprint:
            return cls(gathered.sources, False, model, None, None)
        unchanged = not gathered.changed and earlier.manifest.parameters.get("linking") == LINKING_VERSION
        return cls(gathered.sources, unchanged, model, earlier, library)


def _chosen_model(name: str | None, earlier: Generation | None) -> ModelFiles:
    own = str(earlier.manifest.parameters["model"]) if earlier else DEFAULT_MODEL
    if earlier is not None and name is not None and name != own:
        raise FingerprintError(
            f"--model {name}",
            f"this index was made with {own}, and vectors of two models cannot be mixed",
            "give another --index, or leave --model out",
        )
    return locate(name or own)


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
    generation = directory.publish(folder, plan.model.fingerprint, parameters, counts)
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
    return OpenVinoEncoder(target)


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
    kinds = [source.kind for source in sources]
    counts = {"articles": kinds.count("article"), "studies": kinds.count("study"), "passages": len(pairs)}
    return counts, encoded


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
