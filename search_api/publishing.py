"""Publish to a cluster what a build made: the collection first, then the generation, then the alias.

Until the collection is whole the new generation stays aside, so that whatever fails leaves the live one
answering, on disk and in the cluster.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import NoEarlierGenerationError

if TYPE_CHECKING:
    from indexer.build import BuildReport
    from indexer.generation import Generation, IndexDirectory
    from indexer.milvus.loading import Loaded, Progress
    from indexer.milvus.publishing import MilvusBackend


@dataclass(frozen=True, slots=True)
class Published:
    """What a build made, and what the cluster had to be told of it."""

    report: "BuildReport"
    loaded: "Loaded"


def build_into(
    cluster: "MilvusBackend",
    index: Path,
    build: Callable[[bool], "BuildReport"],
    aside: bool = False,
    progress: "Progress | None" = None,
) -> Published:
    """Build, load into the cluster, publish; ``build`` is told whether to set aside.

    With ``aside`` the generation is loaded and stays aside, for `promote`. Raises a `FootnoteError`.
    """
    from indexer.generation import IndexDirectory

    # Asked now, so that a cluster that does not answer costs no build.
    _ = cluster.cluster
    directory = IndexDirectory(index)
    first = directory.current_name() is None
    report = build(aside or not first)
    name = report.index_version.split("-")[0]
    loaded = cluster.provide(directory.open(name), _asked(directory), progress)
    if not aside:
        if name != directory.current_name():
            directory.promote(name)
        cluster.switch(directory.open(), _kept(directory))
        report = replace(report, aside=False)
    return Published(report, loaded)


def promote_in(cluster: "MilvusBackend", directory: "IndexDirectory", name: str | None) -> "Generation":
    """Make a generation that is aside live, on disk and in the cluster."""
    asides = [generation.manifest.name for generation in directory.asides()]
    name = name or (asides[0] if len(asides) == 1 else None)
    if name is None:
        return directory.promote()  # which says why there is none to promote
    cluster.provide(directory.open(name), _asked(directory))
    promoted = directory.promote(name)
    cluster.switch(promoted, _kept(directory))
    return promoted


def roll_back_in(cluster: "MilvusBackend", directory: "IndexDirectory") -> "Generation":
    """Make the generation before the live one live again, on disk and in the cluster."""
    live = directory.open_unchecked().manifest
    if live.parent is None or not _is_there(directory, live.parent):
        raise NoEarlierGenerationError(
            live.name, "no earlier generation is kept", "build the one you want with footnote index"
        )
    cluster.provide(directory.open(live.parent), _asked(directory))
    earlier = directory.rollback()
    cluster.switch(earlier, (*_kept(directory), live.index_version))
    return earlier


def _asked(directory: "IndexDirectory") -> tuple[str, ...]:
    """The index versions that may be asked while another is loaded: the live one, and those aside."""
    if directory.current_name() is None:
        return ()
    beside = (generation.manifest for generation in directory.asides())
    return tuple(m.index_version for m in (directory.open_unchecked().manifest, *beside))


def _kept(directory: "IndexDirectory") -> tuple[str, ...]:
    """Those, and the one before the live one, for a rollback."""
    parent = directory.open_unchecked().manifest.parent
    before = (
        (directory.open_unchecked(parent).manifest.index_version,) if _is_there(directory, parent) else ()
    )
    return (*_asked(directory), *before)


def _is_there(directory: "IndexDirectory", name: str | None) -> bool:
    return name is not None and (directory.path / "generations" / name).is_dir()
