"""The sources that an export is asked for: by id, what was found, what a source cites, or all studies."""

from collections.abc import Sequence

from corpus.errors import NotFoundError, ParameterError
from corpus.records import Reference, Source
from indexer.library import Library
from search_api.queries import ManyParametersError
from search_api.search import SearchAnswer


def sources_of(library: Library, ids: Sequence[str]) -> list[Source]:
    """The sources of the ids, each once; raises `ManyParametersError` naming every id that none has."""
    found: dict[str, Source] = {}
    unknown = []
    for identifier in ids:
        try:
            source = library.source(identifier)
        except NotFoundError:
            rule = "no source of the index has that id"
            unknown.append(ParameterError("ids", identifier[:100], rule, "leave it out, or index the source"))
            continue
        found.setdefault(source.source_id, source)
    if unknown:
        raise ManyParametersError(unknown)
    return list(found.values())


def studies_of(library: Library) -> list[Source]:
    """Every study of a library, in the order in which it was read."""
    counts = library.counts()
    sources = map(library.source_at, range(counts["articles"] + counts["studies"]))
    return [source for source in sources if source.kind == "study"]


def found_sources(answer: SearchAnswer) -> list[Source]:
    """The sources of an answer in the order of their first passages, each once."""
    return list({hit.source.source_id: hit.source for hit in answer.hits}.values())


def cited_sources(library: Library, citing: Sequence[Source]) -> tuple[list[Source], list[Reference]]:
    """What the reference lists of some sources resolve to, each once, and the references that do not."""
    found: dict[str, Source] = {}
    unresolved = []
    for reference in (reference for source in citing for reference in source.references):
        if reference.source_id is None:
            unresolved.append(reference)
        elif reference.source_id not in found:
            found[reference.source_id] = library.source(reference.source_id)
    return list(found.values()), unresolved
