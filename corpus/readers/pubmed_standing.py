"""What a PubMed record in XML says of standing: its ``CommentsCorrectionsList`` as pointers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from corpus.identifiers import normal_pmid
from corpus.readers.inline_markup import Element
from corpus.readers.pubmed_fields import at, text_at
from corpus.readers.standing_rules import Pointer, pointer, standing_from
from corpus.records import Integrity, Notice


def standing_of(
    citation: Element, csl: Mapping[str, Any], types: Sequence[str]
) -> tuple[Integrity, tuple[Notice, ...]]:
    """The record's own standing, the gravest that it tells of, and what it says of others'."""
    return standing_from(list(_pointers(citation)), csl, types)


def _pointers(citation: Element) -> Iterator[Pointer]:
    corrections = at(citation, "CommentsCorrectionsList")
    for entry in corrections.iterchildren("CommentsCorrections") if corrections is not None else ():
        relation = (entry.get("RefType") or "").casefold()
        if relation == "cites":
            continue  # a reference list of hundreds, which says nothing of standing
        found = pointer(relation, text_at(entry, "RefSource"), normal_pmid(text_at(entry, "PMID")))
        if found is not None:
            yield found
