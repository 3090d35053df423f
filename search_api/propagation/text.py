"""The report on a library as text for a terminal."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from corpus.records import Source
from indexer.library import Library
from search_api.propagation.records import LibraryReport, Place
from search_api.propagation.reporting import uncited_studies, unresolved_references
from search_api.standing import short_name, standing_warnings
from search_api.wrapping import wrapped


def report_text(report: LibraryReport, library: Library, limit: int) -> str:
    """The counts, and the first ``limit`` of each list; the whole of what was found is always counted."""
    lines = [*_leaning_lines(report, limit), *_claim_lines(report, limit)]
    lines += _section("references that resolve to nothing", len(report.unresolved), limit)
    for found in unresolved_references(library, report.unresolved[:limit]):
        reference = found.reference
        shown = reference.raw or reference.doi or reference.pmid or reference.key or ""
        lines += wrapped(f"{found.source.title} [{reference.label}]: {shown}", "   ", "      ")
    lines += _section("studies that nothing here cites", len(report.uncited_studies), limit)
    for study in uncited_studies(library, report.uncited_studies[:limit]):
        lines += wrapped(f"{short_name(study)}: {study.title}", "   ", "      ")
    return "\n".join(lines).lstrip("\n")


def _leaning_lines(report: LibraryReport, limit: int) -> Iterator[str]:
    counts = report.counts
    yield from _section("retracted, corrected or doubted studies that are cited", len(report.leaning), limit)
    if report.leaning:
        untold = counts["untold_places"]
        yield f"   in {_counted(counts['leaning_places'], 'sentence')}, {untold} of which leave that untold"
    for leaning in report.leaning[:limit]:
        yield ""
        yield f"   {short_name(leaning.cited)}"
        for warning in standing_warnings(leaning.cited.integrity):
            yield from wrapped(f"! {warning}", "   ", "     ")
        for source, places in groupby(leaning.places, lambda place: place.source):
            yield from _place_lines(source, list(places))
        for source in leaning.only_listed_by:
            yield from wrapped(f"{_title(source)}: only in the reference list", "   - ", "     ")


def _place_lines(source: Source, places: list[Place]) -> Iterator[str]:
    """A citing source, how many of its sentences speak of the standing, and those that leave it untold."""
    yield from wrapped(f"{_title(source)}: {sentences_saying(places)}", "   - ", "     ")
    for place in places:
        if place.untold or place.says_so is None:
            mark = "DOES NOT SAY SO: " if place.untold else ""
            where = f" ({place.section[-1]})" if place.section else ""
            yield from wrapped(f"{mark}“{' '.join(place.sentence.split())}”{where}", "     ", "       ")


def sentences_saying(places: Sequence[Place]) -> str:
    """How many sentences there are, and how many of them speak of the standing of what they cite."""
    number = _counted(len(places), "sentence")
    if any(place.says_so is None for place in places):
        return number
    saying = sum(place.says_so is True for place in places)
    if saying == len(places):
        return f"{number}, which say{'s' if saying == 1 else ''} so"
    return f"{number}, {saying or 'none'} of which say{'s' if saying == 1 else ''} so"


def _claim_lines(report: LibraryReport, limit: int) -> Iterator[str]:
    yield from _section("claims without a citation", len(report.uncited_claims), limit)
    if report.uncited_claims:
        bare = report.counts["uncited_claims_in_uncited_paragraphs"]
        yield f"   {bare} of them in paragraphs that cite nothing"
    for source, claims in groupby(report.uncited_claims[:limit], lambda claim: claim.source):
        yield from wrapped(_title(source), "   - ", "     ")
        for claim in claims:
            where = f" ({claim.section[-1]})" if claim.section else ""
            yield from wrapped(f"“{' '.join(claim.sentence.split())}”{where}", "     ", "       ")


def _title(source: Source) -> str:
    return source.title or source.source_id


def _section(what: str, count: int, limit: int) -> list[str]:
    shown = f", the first {limit} of them" if count > limit else ""
    return ["", f"{count} {what}{shown}"]


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
