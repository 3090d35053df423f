"""What the paths and the earlier generation hold -> the sources of the next: one per work, with standing.

Studies that are one work become one source (`corpus.identity`), also with what an earlier run read from other
files. A file that is read again replaces what it gave before. Notices mark the works that they are about.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpus import retraction_watch
from corpus import synonyms as synonym_lists
from corpus.errors import NothingToIndexError, ParameterError
from corpus.identity import Identities, Merged
from corpus.linking import Catalogue
from corpus.reading import read_paths
from corpus.records import Notice, Skipped, Source
from corpus.standing import StandingReport, apply_notices, graver
from corpus.synonyms import Synonyms, read_synonyms
from indexer import synonyms as synonym_file
from indexer.generation import Generation
from indexer.library import Library
from indexer.library_writing import record_sha256


@dataclass(frozen=True, slots=True)
class Gathered:
    """The sources of the next generation by id, and how they came about; ``digests`` are their records'."""

    sources: dict[str, Source]
    skipped: tuple[Skipped, ...]
    merged: tuple[Merged, ...]
    standing: StandingReport
    removed: int
    digests: Mapping[str, str]


def gather(paths: Sequence[Path], retractions: Path | None, library: Library | None, prune: bool) -> Gathered:
    """Read the paths and join them to what the earlier library holds; without paths it is that alone.

    Raises `NothingToIndexError` where the paths hold nothing that can be indexed.
    """
    gathering = _Gathering()
    for found in read_paths(paths):
        gathering.add(found)
    if not gathering.read_ids and (paths or prune or library is None):
        rule = _nothing_rule(gathering.skipped)
        remedy = "give files or folders that Footnote reads (see README)"
        raise NothingToIndexError(", ".join(map(str, paths)), rule, remedy)
    for source in library.sources() if library else ():
        gathering.keep(source, prune)
    sources = gathering.identities.sources
    listed = _listed(retractions, gathering.skipped)
    notices = [notice for source in sources.values() for notice in source.notices]
    standing_sources, standing = apply_notices(sources, [*notices, *listed], Catalogue.of(sources.values()))
    gathering.skipped += [
        Skipped(str(conflict.left_out.origin), None, str(conflict))
        for conflict in gathering.identities.conflicts
    ]
    return Gathered(
        sources=standing_sources,
        skipped=tuple(gathering.skipped),
        merged=tuple(gathering.identities.merged),
        standing=standing,
        removed=gathering.removed,
        digests={source_id: record_sha256(source) for source_id, source in standing_sources.items()},
    )


def chosen_synonyms(
    paths: Sequence[Path], given: Path | None, live: Generation | None, prune: bool
) -> Synonyms:
    """The synonyms of the next generation: the list given, else that in a folder of ``paths``.

    Where there is neither, those of the live generation stay, unless ``prune`` drops what is not given.
    Raises `MalformedRecordError` for a broken list, `ParameterError` where the folders hold more than one.
    """
    found = (
        [given] if given else [p / synonym_lists.FILE for p in paths if (p / synonym_lists.FILE).is_file()]
    )
    if len(found) > 1:
        raise ParameterError(
            "synonyms", ", ".join(map(str, found)), "a library uses one list", "give it with --synonyms FILE"
        )
    if found:
        return read_synonyms(found[0])
    return synonym_file.read(live.path / synonym_file.FILE) if live and not prune else Synonyms()


@dataclass
class _Gathering:
    """The sources so far, and what was read in this run."""

    identities: Identities = field(default_factory=Identities)
    skipped: list[Skipped] = field(default_factory=list)
    read_ids: set[str] = field(default_factory=set)
    read_origins: set[str] = field(default_factory=set)
    removed: int = 0

    def add(self, found: Source | Skipped) -> None:
        """Enter what a reader found."""
        if isinstance(found, Skipped):
            self.skipped.append(found)
            return
        first = self.identities.sources.get(found.source_id)
        if found.kind == "article" and first is not None:
            reason = f"{found.source_id} is an article of {first.origin} as well; that one is kept"
            self.skipped.append(Skipped(str(found.origin), None, reason))
            return
        self.read_ids.add(found.source_id)
        self.read_origins.add(str(found.origin))
        self.identities.add(found)

    def keep(self, earlier: Source, prune: bool) -> None:
        """Enter what an earlier run read, unless it was read again or is to go.

        A record of the same format is a newer state of the earlier one, wherever its file lies now.
        """
        sources = self.identities.sources
        again = sources.get(earlier.source_id)
        if again is not None and (again.format == earlier.format or self._was_read_again(earlier)):
            if earlier.integrity.recorded_in == retraction_watch.RECORDED_IN:
                standing = graver(again.integrity, earlier.integrity)
                sources[again.source_id] = replace(again, integrity=standing)
        elif prune:
            self.removed += again is None
        else:
            self.identities.add(earlier)

    def _was_read_again(self, earlier: Source) -> bool:
        return {str(earlier.origin), *earlier.provenance.values()} <= self.read_origins


def _listed(retractions: Path | None, skipped: list[Skipped]) -> Iterator[Notice]:
    for found in retraction_watch.read_retractions(retractions) if retractions else ():
        if isinstance(found, Skipped):
            skipped.append(found)
        else:
            yield found


def _nothing_rule(skipped: Iterable[Skipped]) -> str:
    reasons = list(skipped)
    if not reasons:
        return "holds no file that can be indexed"
    return f"nothing in it can be indexed ({len(reasons)} skipped, the first: {reasons[0]})"
