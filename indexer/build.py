"""read -> link -> split -> encode what is new -> write -> publish.

A build adds to what the index holds: sources read again replace their old selves, the others stay
(or go, with ``prune``). Nothing is published when nothing changed. A build aside makes a generation beside
the live one, also with another model.
"""

import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from corpus.errors import FingerprintError
from corpus.identity import Merged
from corpus.linking import (
    LINKING_VERSION,
    Linker,
    LinkReport,
    UnresolvedMention,
    UnresolvedReference,
)
from corpus.passages import (
    SPLITTER_VERSION,
    TARGET_TOKENS,
    WINDOW_SENTENCES,
    WINDOW_STRIDE,
)
from corpus.records import Skipped, Source
from corpus.standing import StandingReport
from corpus.synonyms import Synonyms
from indexer import cluster, journal
from indexer import synonyms as synonym_file
from indexer.gathering import Gathered, chosen_synonyms, gather
from indexer.generation import LIBRARY_FILE, Generation, IndexDirectory
from indexer.library import Library
from indexer.models import DEFAULT_MODEL, ModelFiles, locate
from indexer.shelf import Shelf
from indexer.vectors import VectorKind
from indexer.working import read_in_processes
from indexer.writing import Plan, Progress, Written, provide_encoder, write


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did; ``published`` is false where nothing had changed.

    ``aside`` is true where the generation stands beside the live one. ``resumed`` texts had been encoded by a
    build that was cut off. ``unresolved`` and ``unresolved_mentions`` hold the first of each, ``counts`` how
    many there are.
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
    resumed: int = 0


def build(
    index: Path,
    paths: Sequence[Path],
    model: str | None = None,
    prune: bool = False,
    progress: Progress | None = None,
    retractions: Path | None = None,
    aside: bool = False,
    synonyms: Path | None = None,
    given: Sequence[Source] = (),
    remove: Collection[str] = (),
    jobs: int = 1,
    ray: str | None = None,
    vectors: VectorKind | None = None,
) -> BuildReport:
    """Build or update the index at ``index`` from ``paths`` and publish it, or set it ``aside``.

    ``model`` is a sentence-transformers model by name or folder (default: the index's own, else
    all-MiniLM-L6-v2), ``retractions`` a Retraction Watch CSV, ``synonyms`` a list in the place of the paths'
    own (`chosen_synonyms`), ``vectors`` the kind of vector index (default: the index's own). Without
    ``paths`` the sources are those of the index. ``given`` are sources that were read already, ``remove`` the
    ids of those that are to go unless they are read again. ``jobs`` processes read and split, ``ray`` is the
    address of a cluster that encodes. Raises a `FootnoteError`; whatever was live before then still is, and
    what was encoded is kept for the next build.
    """
    began = time.monotonic()
    if ray is not None:
        cluster.check(ray)
    directory = IndexDirectory(index)
    with directory.writing(), ExitStack() as opened:
        live = directory.open() if directory.current_name() is not None or aside else None
        live_library = opened.enter_context(closing(_library(live))) if live else None
        chosen = _chosen_model(model, live, aside)
        listed = chosen_synonyms(paths, synonyms, live, prune)
        scratch = opened.enter_context(directory.scratch())
        shelf = opened.enter_context(closing(Shelf(scratch / "sources.sqlite")))
        told = (lambda number: progress("reading", number, 0)) if progress else None
        found = read_in_processes(paths, jobs, scratch)
        gathered = gather(chain(found, given), paths, retractions, live_library, prune, remove, shelf, told)
        earlier = _same_model(directory, live, chosen, aside)
        kind = vectors or _own_kind(earlier or live)
        earlier_library = opened.enter_context(closing(_library(earlier))) if earlier else None
        if earlier and earlier_library and _says_the_same(earlier, earlier_library, gathered, listed, kind):
            return _unchanged(earlier, gathered, began)
        plan = Plan(
            gathered, listed, chosen, earlier, earlier_library, aside, index, scratch, jobs, ray, kind
        )
        with directory.building() as folder:
            return _publish(directory, folder, plan, progress, began)


def _own_kind(generation: Generation | None) -> VectorKind:
    """The kind of vector index that was asked for when a generation was built."""
    return generation.manifest.parameters["vectors"]["asked"] if generation else "auto"


def _says_the_same(
    earlier: Generation, library: Library, gathered: Gathered, listed: Synonyms, kind: VectorKind
) -> bool:
    """Whether a build would give what the earlier one holds: the same records and synonyms, linked alike."""
    parameters = earlier.manifest.parameters
    alike = parameters.get("linking") == LINKING_VERSION and "background" in parameters
    alike = alike and _own_kind(earlier) == kind
    same_names = synonym_file.read(earlier.path / synonym_file.FILE).text == listed.text
    return library.digests() == gathered.sources.digests() and alike and same_names


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
    directory: IndexDirectory, folder: Path, plan: Plan, progress: Progress | None, began: float
) -> BuildReport:
    encoder = provide_encoder(folder, plan)
    written = write(folder, plan, encoder, progress)
    parameters: dict[str, Any] = {
        "model": plan.model.name,
        "dim": encoder.dim,
        "max_tokens": encoder.max_tokens,
        "splitter": SPLITTER_VERSION,
        "linking": LINKING_VERSION,
        "target_tokens": TARGET_TOKENS,
        "window_sentences": WINDOW_SENTENCES,
        "window_stride": WINDOW_STRIDE,
        "vectors": written.vectors,
        "background": written.background.as_parameters(),
        "synonyms": synonym_file.described(plan.synonyms),
    }
    counts = written.counts | _counted(written.links)
    publish = directory.set_aside if plan.aside else directory.publish
    generation = publish(folder, plan.model.fingerprint, parameters, counts)
    journal.forget(plan.index, plan.model.fingerprint)
    return _report(generation, counts, written.links, plan.gathered, began, written)


def _counted(links: LinkReport) -> dict[str, int]:
    return {
        "references": links.references,
        "resolved_references": links.resolved,
        "prose_mentions": links.mentions,
        "resolved_prose_mentions": links.resolved_mentions,
    }


def _report(
    generation: Generation,
    counts: Mapping[str, int],
    links: LinkReport,
    gathered: Gathered,
    began: float,
    written: Written | None = None,
) -> BuildReport:
    return BuildReport(
        index_version=generation.manifest.index_version,
        published=written is not None,
        aside=generation.manifest.aside,
        counts=counts,
        encoded=written.encoded if written else 0,
        removed=gathered.removed,
        cut_sentences=written.cut if written else 0,
        unresolved=links.unresolved,
        mentions=links.mentions,
        unresolved_mentions=links.unresolved_mentions,
        skipped=gathered.skipped,
        merged=gathered.merged,
        standing=gathered.standing,
        seconds=time.monotonic() - began,
        resumed=written.resumed if written else 0,
    )


def _unchanged(generation: Generation, gathered: Gathered, began: float) -> BuildReport:
    """The report of a build that publishes nothing: linked again, because a generation keeps no reasons."""
    linker = Linker(gathered.catalogue)
    for source in gathered.sources.values():
        linker.link(source)
    return _report(generation, generation.manifest.counts, linker.report(), gathered, began)
