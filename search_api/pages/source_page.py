"""A source's own page: an article to read with its citations beside it, or a study with its record."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from corpus.errors import NotFoundError, ParameterError
from corpus.identifiers import normal_pmcid
from corpus.records import Mention, Passage, Source
from corpus.sentences import sentence_spans
from search_api.api import searcher
from search_api.citations import ALIASES
from search_api.exports.formats import FORMATS
from search_api.pages.blueprint import blueprint
from search_api.pages.chosen_style import chosen_style, remembering
from search_api.pages.reading import Layout
from search_api.pages.structured_data import structured_data
from search_api.search import Searcher
from search_api.similar import similar_to
from search_api.standing import warnings_for, words_of

_PARAMETERS = ("passage", "style")
_CITING_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier with the address that it stands for."""

    name: str
    value: str
    address: str


@dataclass(frozen=True, slots=True)
class CitingPlace:
    """A source that cites this one: the mention, its sentence, and the passage that it stands in."""

    source: Source
    mention: Mention
    sentence: str
    passage: Passage | None


@blueprint.get("/sources/<path:identifier>")
def source_page(identifier: str) -> Response:
    """One source by any identifier, ``passage`` marked in it; an unknown one gets the nearest titles."""
    _refuse_unknown(request.args)
    style = chosen_style(request.args.get("style"))
    using = searcher()
    source = using.library.source(identifier)
    passages = using.library.passages(using.library.holdings.passage_rows(source.source_id))
    wanted = request.args.get("passage")
    quoted = next((p for p in passages if p.passage_id == wanted), None)
    linked = cited_sources(using, source)
    page = render_template(
        "source.html",
        source=source,
        structured=structured_data(source, linked.values()),
        parts=Layout(source, passages, quoted, linked.get).parts(),
        linked=linked,
        warnings=warnings_for(source, ()),
        notice=notice_address(source),
        words=words_of(source, passages[0]) if passages else None,
        quoted=quoted,
        lost=bool(wanted) and quoted is None,
        citation=using.citations.format(source, style),
        style=style,
        styles=ALIASES,
        formats=[(form.name, form.title) for form in FORMATS.values() if not form.styled],
        identifiers=identifiers_of(source),
        cited_by=citing_places(using, source),
        similar=similar_to(using, source, kind="study" if source.kind == "study" else None),
        generation=using.manifest.name,
    )
    return remembering(make_response(page), request.args.get("style"))


def cited_sources(using: Searcher, source: Source) -> dict[str, Source]:
    """The sources that a source mentions or lists, by id, as far as the library still holds them."""
    found = {}
    ids = [m.source_id for m in source.mentions] + [r.source_id for r in source.references]
    for cited_id in dict.fromkeys(ids):
        if cited_id is not None:
            with suppress(NotFoundError):
                found[cited_id] = using.library.source(cited_id)
    return found


def notice_address(source: Source) -> str | None:
    """Where the notice of a source's standing is to be read."""
    notice = source.integrity.notice
    if not notice:
        return None
    if notice.startswith("pmid:"):
        return f"https://pubmed.ncbi.nlm.nih.gov/{quote(notice.removeprefix('pmid:'))}/"
    return _doi_address(notice)


def identifiers_of(source: Source) -> list[Identifier]:
    """DOI, PMID and PMCID with their addresses."""
    doi, pmid, pmcid = (source.csl.get(name) for name in ("DOI", "PMID", "PMCID"))
    listed = []
    if doi:
        listed.append(Identifier("DOI", str(doi), _doi_address(str(doi))))
    if pmid:
        listed.append(Identifier("PMID", str(pmid), f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"))
    if pmcid and (normal := normal_pmcid(str(pmcid))):
        number = normal.upper()
        listed.append(Identifier("PMCID", number, f"https://pmc.ncbi.nlm.nih.gov/articles/{number}/"))
    return listed


def _doi_address(doi: str) -> str:
    return "https://doi.org/" + quote(doi, safe="/():;.")


def citing_places(using: Searcher, source: Source) -> list[CitingPlace]:
    """Where the library's other sources point at this one, a sentence each, at most `_CITING_SHOWN`."""
    places = []
    for citing_id in using.library.cited_by(source.source_id)[:_CITING_SHOWN]:
        citing = using.library.source(citing_id)
        passages = using.library.passages(using.library.holdings.passage_rows(citing_id))
        mention = next(m for m in citing.mentions if m.source_id == source.source_id)
        places.append(_place(citing, mention, passages))
    return places


def _place(citing: Source, mention: Mention, passages: Iterable[Passage]) -> CitingPlace:
    block = next((b for b in citing.blocks if b.start <= mention.start and mention.end <= b.end), None)
    start, end = (block.start, block.end) if block else (mention.start, mention.end)
    for sentence_start, sentence_end in sentence_spans(citing.text[start:end]):
        if start + sentence_start <= mention.start < start + sentence_end:
            start, end = start + sentence_start, start + sentence_end
            break
    passage = next((p for p in passages if p.start <= mention.start and mention.end <= p.end), None)
    return CitingPlace(citing, mention, citing.text[start:end], passage)


def _refuse_unknown(names: Iterable[str]) -> None:
    for name in names:
        if name not in _PARAMETERS:
            raise ParameterError(
                name, request.args[name], "no parameter of that name", f"use {', '.join(_PARAMETERS)}"
            )
