"""What the pages say of a source in a few words: kind of evidence, standing, authors, years."""

from collections.abc import Mapping

from corpus.records import IntegrityStatus, Mention, Source

#: Standings that a reader must see, with their words.
STANDING_WORDS: dict[IntegrityStatus, str] = {
    "retracted": "Retracted",
    "concern": "Expression of concern",
    "corrected": "Corrected",
    "republished": "Republished",
}
DESIGN_NOT_RECORDED = "design not recorded"


def evidence_of(source: Source) -> str:
    """What kind of evidence a source is, in a few words: design and sample size, or "article"."""
    if source.study is None:
        return "article"
    design = source.study.design if source.study.design != "unknown" else f"study, {DESIGN_NOT_RECORDED}"
    return f"{design}, {source.study.sample_size}" if source.study.sample_size else design


def design_of(source: Source) -> str | None:
    """The design as facets and plots name it; None for an article."""
    if source.study is None:
        return None
    return source.study.design if source.study.design != "unknown" else DESIGN_NOT_RECORDED


def standing_of(source: Source) -> str | None:
    """The word for a standing that must be seen, None where none is known."""
    return STANDING_WORDS.get(source.integrity.status)


def authors_of(source: Source) -> str:
    """The authors as a person would name them: one, two joined by "and", or the first with et al."""
    names = [str(a.get("family") or a.get("literal") or "") for a in source.csl.get("author") or []]
    names = [name for name in names if name]
    if not names:
        return ""
    if len(names) > 2 or not source.authors_complete:
        return f"{names[0]} et al."
    return " and ".join(names)


def short_citation(source: Source) -> str:
    """Authors and year, "Geleijnse et al. 2004"; the title where no author is recorded."""
    year = str(source.year) if source.year else ""
    return " ".join(part for part in (authors_of(source) or source.title, year) if part)


def prose_words(mention: Mention) -> str:
    """How a study named in prose came to be linked, and how sure that is."""
    return f"named in prose, confidence {mention.confidence:.2f}"


def web_address(source: Source) -> str | None:
    """The source's own address where it is one of the web; a record may hold any text."""
    url = source.url or ""
    return url if url.startswith(("https://", "http://")) else None


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """A number with its noun: "1 study", "1,204 studies"."""
    noun = singular if number == 1 else plural or f"{singular}s"
    return f"{number:,} {noun}"


def sources_counted(counts: Mapping[str, int]) -> str:
    """What a library holds, "14 articles and 95 studies"; what it has none of is left out."""
    parts = [
        counted(counts["articles"], "article") if counts["articles"] else "",
        counted(counts["studies"], "study", "studies") if counts["studies"] else "",
    ]
    return " and ".join(part for part in parts if part) or "Nothing yet"


_FACET_WORDS = {
    "article": "Articles",
    "study": "Studies",
    "unknown": DESIGN_NOT_RECORDED,
    "flag": "All, marked where doubtful",
    "exclude": "Without retracted or doubted",
    "only": "Only with a marked standing",
}
_STYLE_WORDS = {
    "bmj": "BMJ",
    "chicago": "Chicago",
    "harvard": "Harvard",
    "lancet": "Lancet",
    "nature": "Nature",
    "vancouver": "Vancouver",
}


def facet_words(value: str) -> str:
    """A facet's value as it stands on the page."""
    return _FACET_WORDS.get(value, value)


def style_words(name: str) -> str:
    """A style's short name as it is written: APA, Vancouver."""
    return _STYLE_WORDS.get(name, name.upper())
