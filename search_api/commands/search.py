"""``footnote search``: a question, answered in the terminal."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from search_api.commands.options import (
    backend_options,
    index_option,
    print_json,
    profile_option,
    rerank_option,
)
from search_api.settings import Settings

if TYPE_CHECKING:
    from search_api.exports.formats import ExportFormat
    from search_api.queries import PagedQuery
    from search_api.search import Searcher


@click.command()
@click.argument("question")
@index_option
@click.option("--limit", default=None, help="Results to show, 1 to 100 [default: 10].")
@click.option("--kind", default=None, help="article or study.")
@click.option("--study-type", multiple=True, help="Design of the study (RCT, cohort, ...); may be repeated.")
@click.option("--year-from", default=None, help="First year of publication.")
@click.option("--year-to", default=None, help="Last year of publication.")
@click.option("--container", default=None, help="Journal.")
@click.option("--integrity", default=None, help="flag (default), exclude or only.")
@click.option("--mode", default=None, help="hybrid (default), dense or lexical.")
@click.option("--max-per-source", default=None, help="Results from one source [default: 2].")
@click.option("--style", default=None, help="Citation style: apa (default), vancouver, ama, chicago, ...")
@profile_option
@rerank_option
@backend_options
@click.option("--format", "form_name", default=None, help="Print the sources as bibtex, ris, csl-json, ...")
@click.option("--cursor", default=None, help="What comes after an earlier answer: its next_cursor.")
@click.option("--fields", default=None, help="With --json: only these fields of a result, by commas.")
@click.option("--facets", is_flag=True, help="With --json: count what the sources near the question are.")
@click.option("--json", "as_json", is_flag=True, help="Print the document of the API.")
def search(
    question: str,
    index: Path | None,
    style: str | None,
    profile: str | None,
    rerank: str | None,
    backend: str | None,
    uri: str | None,
    collection: str | None,
    form_name: str | None,
    as_json: bool,
    study_type: tuple[str, ...],
    **given: Any,
) -> None:
    """Answer QUESTION with passages and their sources."""
    from search_api.citations import style_name
    from search_api.exports.formats import format_named
    from search_api.opening import opened_searcher
    from search_api.queries import PagedQuery, validated
    from search_api.ranking_settings import Ranking

    settings = Settings.from_environment(
        index=index,
        style=style,
        profile=profile,
        rerank=rerank,
        backend=backend,
        uri=uri,
        collection=collection,
    )
    chosen = style_name(settings.style)
    Ranking.of_profile(settings.profile)
    form = format_named(form_name) if form_name else None
    parameters = {name: value for name, value in given.items() if value is not None}
    if study_type:
        parameters["study_type"] = list(study_type)
    query = validated(PagedQuery, {"query": question, **parameters})
    with opened_searcher(settings) as searcher:
        _print(query, searcher, chosen, form, as_json)


def _print(
    query: "PagedQuery", searcher: "Searcher", style: str, form: "ExportFormat | None", as_json: bool
) -> None:
    from search_api.answering import answered, document_of
    from search_api.export_list import found_sources
    from search_api.exports.formats import export
    from search_api.printing import answer_text

    answer = answered(query, searcher)
    if form:
        click.echo(export(found_sources(answer), form, style), nl=False)
    elif as_json:
        print_json(document_of(answer, query, searcher, style))
    else:
        click.echo(answer_text(answer, searcher.citations, style))
