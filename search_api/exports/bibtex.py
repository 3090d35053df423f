"""Sources -> BibTeX, with the few fields of biblatex that BibTeX ignores without harm.

http://www.bibtex.org/Format/ and https://ctan.org/pkg/biblatex. bibtexparser writes the file; a cut author
list ends in ``and others``, the standing is a ``note``, which most styles print.
"""

import re
from collections.abc import Mapping, Sequence

from corpus.records import Source
from corpus.written_dates import MONTHS
from corpus.written_standing import standing_line
from search_api.exports.fields import PersonName, abstract_line, issued, names, pages, text
from search_api.exports.keys import citation_keys
from search_api.exports.latex_escapes import escaped, with_capitals_kept

#: CSL's type -> an entry type that the reader knows for the same; all others are ``misc``.
_TYPES: Mapping[str, str] = {
    "article-journal": "article",
    "book": "book",
    "chapter": "incollection",
    "dataset": "dataset",
    "manuscript": "unpublished",
    "pamphlet": "booklet",
    "paper-conference": "inproceedings",
    "patent": "patent",
    "report": "techreport",
    "software": "software",
    "thesis": "thesis",
    "webpage": "online",
}
_CONTAINERS = {"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle"}
_PUBLISHERS = {"thesis": "school", "techreport": "institution"}
#: CSL's variables whose field is the same for every type.
_FIELDS: Mapping[str, str] = {
    "container-title-short": "shortjournal",
    "collection-title": "series",
    "volume": "volume",
    "issue": "number",
    "edition": "edition",
    "publisher-place": "address",
    "ISSN": "issn",
    "ISBN": "isbn",
    "language": "language",
    "keyword": "keywords",
}
_VERBATIM: Mapping[str, str] = {"DOI": "doi", "PMID": "pmid", "PMCID": "pmcid", "URL": "url"}


def write(sources: Sequence[Source]) -> str:
    """The entries as one file."""
    from bibtexparser.entrypoint import write_string
    from bibtexparser.library import Library
    from bibtexparser.model import Block, Entry, Field
    from bibtexparser.writer import BibtexFormat

    layout = BibtexFormat()  # type: ignore[no-untyped-call]
    layout.indent = "  "
    layout.trailing_comma = True
    layout.block_separator = "\n"
    keys = citation_keys(sources)
    entries: list[Block] = []
    for source in sources:
        kind = _entry_type(source)
        fields = [Field(name, value) for name, value in entry_fields(source, kind).items()]
        entries.append(Entry(kind, keys[source.source_id], fields))
    return write_string(Library(entries), bibtex_format=layout, unparse_stack=[])


def entry_fields(source: Source, kind: str) -> dict[str, str]:
    """Name -> value of the entry's fields, delimited as they are written."""
    fields = {
        "author": _names(names(source), source.authors_complete),
        "editor": _names(names(source, "editor"), complete=True),
        "title": with_capitals_kept(text(source, "title")),
        _CONTAINERS.get(kind, "journaltitle"): escaped(text(source, "container-title")),
        **_date(issued(source)),
        **{field: escaped(text(source, variable)) for variable, field in _FIELDS.items()},
        "pages": escaped(pages(source)).replace("-", "--") if _is_range(source) else escaped(pages(source)),
        _PUBLISHERS.get(kind, "publisher"): escaped(text(source, "publisher")),
        **{field: _verbatim(text(source, variable)) for variable, field in _VERBATIM.items()},
        "entrysubtype": _subtype(source, kind),
        "note": escaped(standing_line(source.integrity)),
        "abstract": escaped(abstract_line(source)),
    }
    return {name: value if name == "month" else f"{{{value}}}" for name, value in fields.items() if value}


def _entry_type(source: Source) -> str:
    return _TYPES.get(str(source.csl.get("type")), "misc")


def _subtype(source: Source, kind: str) -> str:
    return escaped(text(source, "type")) if kind == "misc" else ""


def _names(people: Sequence[PersonName], complete: bool) -> str:
    written = [_person(name) for name in people]
    return " and ".join(written if complete or not written else [*written, "others"])


def _person(name: PersonName) -> str:
    if name.literal:
        body = escaped(name.literal)
        return f"{{{'{}' if body.startswith(chr(92)) else ''}{body}}}"
    parts = [name.family, name.suffix, name.given] if name.suffix else [name.family, name.given]
    if not name.given and not name.suffix and re.fullmatch(r"[^\W\d_a-z]\S*", name.family):
        return _part(name.family)
    return ", ".join(_part(part) for part in parts)


def _part(part: str) -> str:
    """A part of a name; in braces where it holds what separates names or parts."""
    body = escaped(part)
    return f"{{{body}}}" if re.search(r",|\band\b|^others$|^\W*$", part, re.IGNORECASE) else body


def _date(parts: Sequence[int]) -> dict[str, str]:
    year, month, day = (*parts, 0, 0, 0)[:3]
    dated = {"year": f"{year}" if parts else ""}
    if 1 <= month <= 12:
        dated |= {"month": MONTHS[month - 1], "day": f"{day}" if day else ""}
    return dated


def _is_range(source: Source) -> bool:
    return re.fullmatch(r"[\w.]+-[\w.]+(?:, ?[\w.]+-[\w.]+)*", pages(source)) is not None


def _verbatim(value: str) -> str:
    """An identifier or address: only LaTeX's own signs are escaped, and braces written as in addresses."""
    return re.sub(r"([%&#_$~])", r"\\\1", value.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C"))
