"""What a reader must be told before they use a hit: retractions, concerns, corrections.

Each text says what the record says and no more.
"""

from collections.abc import Sequence

from corpus.records import Cited, Integrity, Passage, Source

_SAYS = {
    "retracted": "RETRACTED: this publication was retracted; its findings are not evidence.",
    "concern": "EXPRESSION OF CONCERN: the journal has expressed concern about this publication.",
    "corrected": "CORRECTED: a correction to this publication exists.",
    "republished": "REPUBLISHED: a newer version of this publication exists and takes its place.",
}
_SAYS_OF_CITED = {
    "retracted": "CITES A RETRACTED STUDY",
    "concern": "CITES A STUDY UNDER AN EXPRESSION OF CONCERN",
}


def warnings_for(source: Source, cites: Sequence[Cited]) -> tuple[str, ...]:
    """The warnings of a hit, most serious first: its own standing, then that of what it cites."""
    own = standing_warnings(source.integrity)
    cited = [
        f"{_SAYS_OF_CITED[c.source.integrity.status]}: {short_name(c.source)}"
        for c in cites
        if c.source.integrity.status in _SAYS_OF_CITED
    ]
    return (*own, *dict.fromkeys(cited))


def is_retracted(source: Source) -> bool:
    """Whether a source was retracted: it may be shown, but nothing in it answers a question."""
    return source.integrity.status == "retracted"


def words_of(source: Source, passage: Passage) -> str | None:
    """Whose words a passage of a study is, where they are not the study's own; None where they are."""
    if source.kind == "study" and passage.kind in ("summary", "finding"):
        return "Summary of the study's record, not the authors' words"
    return None


def short_name(source: Source) -> str:
    """First author, year and id of a source, as a person would point at it."""
    authors = source.csl.get("author") or [{}]
    first = authors[0].get("family") or authors[0].get("literal") or source.title
    more = " et al." if len(authors) > 1 or not source.authors_complete else ""
    year = f" {source.year}" if source.year else ""
    return f"{first}{more}{year} ({source.source_id})"


def standing_warnings(integrity: Integrity) -> list[str]:
    """What a record says of a work's own standing, and the note to it; empty where it says nothing."""
    found = []
    if integrity.status in _SAYS:
        found.append(_SAYS[integrity.status] + _notice(integrity))
    if integrity.note:
        found.append(f"Note: {integrity.note}.")
    return found


def _notice(integrity: Integrity) -> str:
    """Where the notice, or the newer version, is, as a DOI or a PMID; empty where the record does not say."""
    if not integrity.notice:
        return ""
    named = integrity.notice if integrity.notice.startswith("pmid:") else f"doi:{integrity.notice}"
    return f" {'Newer version' if integrity.status == 'republished' else 'Notice'}: {named}."
