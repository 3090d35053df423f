"""Checking a reference list: pasted or dropped, a verdict for every entry with what it rests on."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from corpus.errors import FootnoteError, InputError, ParameterError
from corpus.reference_lists import ReferenceList, read_reference_list
from search_api.api import searcher
from search_api.checking import VERDICTS as VERDICT_ORDER
from search_api.checking import CheckedReference, Verdict, check_references
from search_api.citations import ALIASES
from search_api.pages.blueprint import blueprint
from search_api.pages.chosen_style import chosen_style, remembering
from search_api.pages.desk_words import VERDICTS, Gravity
from search_api.pages.submitted import Submitted, allow_whole_drafts, refuse_unknown, submitted

_FIELDS = ("references", "name", "file", "style")


@dataclass(frozen=True, slots=True)
class VerdictCount:
    """A verdict with how many entries got it, and the first of them."""

    verdict: Verdict
    gravity: Gravity
    words: str
    count: int
    first: int


@blueprint.get("/check")
def check_page() -> Response:
    """The form; an address does not hold a list."""
    return _page(Submitted(""), None, [])


@blueprint.post("/check")
def checked_page() -> Response:
    """The form again, with the verdicts on what it was given."""
    allow_whole_drafts()
    refuse_unknown(_FIELDS)
    given = Submitted("")
    try:
        given = submitted("references")
        if not given.text.strip():
            raise ParameterError("references", "", "is empty", "paste a list or choose a file")
        listed = read_reference_list(given.text, given.name)
    except (ParameterError, InputError) as error:
        return _page(given, None, [], error)
    return _page(given, listed, check_references(listed.entries, searcher().library))


def _page(
    given: Submitted,
    listed: ReferenceList | None,
    checked: Sequence[CheckedReference],
    fault: FootnoteError | None = None,
) -> Response:
    style = chosen_style(request.values.get("style"))
    page = render_template(
        "check.html",
        given=given,
        listed=listed,
        checked=checked,
        counts=counts_of(checked),
        works=list(dict.fromkeys(one.source.source_id for one in checked if one.source)),
        needing=sum(one.needs_person for one in checked),
        fault=fault,
        citations=searcher().citations,
        style=style,
        styles=ALIASES,
    )
    return remembering(make_response(page, 400 if fault else 200), request.form.get("style"))


def counts_of(checked: Sequence[CheckedReference]) -> list[VerdictCount]:
    """The verdicts that were given, the gravest first."""
    counts = Counter(one.verdict for one in checked)
    return [
        VerdictCount(
            verdict,
            *VERDICTS[verdict],
            counts[verdict],
            next(one.entry.position for one in checked if one.verdict == verdict),
        )
        for verdict in VERDICT_ORDER
        if counts[verdict]
    ]
