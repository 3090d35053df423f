"""Sources taken out of an index: the rest is published without them."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from indexer.build import BuildReport, build
from indexer.generation import LIBRARY_FILE, IndexDirectory
from indexer.library import Library
from indexer.writing import Progress


def remove(index: Path, identifiers: Sequence[str], progress: Progress | None = None) -> BuildReport:
    """Publish the index at ``index`` without some sources, each named by any identifier that it has.

    References to them become unresolved. Raises `NotFoundError` where no source goes by an identifier, and
    `NothingToIndexError` where none would be left; nothing is removed then.
    """
    with closing(Library(IndexDirectory(index).open().path / LIBRARY_FILE)) as library:
        ids = [library.source(identifier).source_id for identifier in identifiers]
    return build(index, [], progress=progress, remove=ids)
