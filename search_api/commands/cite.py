"""``footnote cite``: a draft, claim by claim, with the sources that support it."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from search_api.commands.options import backend_options, bytes_of, index_option, print_json
from search_api.settings import Settings

if TYPE_CHECKING:
    from search_api.drafts.outputs.documents import OutputDocument
    from search_api.drafts.records import CitedDraft

_FORMATS = ("report", "json", "markdown", "docx", "html", "pandoc", "latex")


@click.command()
@click.argument("draft", type=click.Path(path_type=Path, allow_dash=True))
@index_option
@backend_options
@click.option("--format", type=click.Choice(_FORMATS), default="report", show_default=True)
@click.option("--style", default=None, help="Citation style: apa (default), vancouver, ama, chicago, ...")
@click.option("--suggestions", default=None, help="Sources for each claim, 1 to 10 [default: 3].")
@click.option(
    "--unjudged", is_flag=True, default=None, help="Also put in sources whose stance could not be judged."
)
@click.option(
    "--bibliography",
    type=click.Choice(["bibtex", "csl-json"]),
    default=None,
    help="File beside the pandoc form [default: bibtex].",
)
@click.option("--output", type=click.Path(path_type=Path), default=None, help="File to write to.")
def cite(
    draft: Path,
    index: Path | None,
    backend: str | None,
    uri: str | None,
    collection: str | None,
    output: Path | None,
    **given: Any,
) -> None:
    """Find sources for the claims of the file DRAFT (Markdown, plain text or .docx; - for standard input).

    The report says for each sentence what an editor would; the other formats hold the draft with
    citations put in and its reference list, or a bibliography file beside it.
    """
    from search_api.citations import style_name
    from search_api.desk_requests import CiteOptions
    from search_api.drafts.citing import cite_draft
    from search_api.drafts.outputs.documents import output_document
    from search_api.drafts.reading import read_draft
    from search_api.drafts.report import cited_document
    from search_api.drafts.report_text import cited_text
    from search_api.opening import opened_searcher
    from search_api.queries import validated

    if given["format"] in ("docx", "pandoc", "latex") and output is None:
        raise click.UsageError(f"--format {given['format']} needs --output FILE")
    options = validated(CiteOptions, {name: value for name, value in given.items() if value is not None})
    settings = Settings.from_environment(
        index=index, style=options.style, backend=backend, uri=uri, collection=collection, rerank="off"
    )
    style = style_name(settings.style)
    data = bytes_of(draft, settings.max_draft_bytes)
    read = read_draft(data, draft.name)
    with opened_searcher(settings) as searcher:
        began = time.perf_counter()
        cited = cite_draft(read, searcher, options.suggestions, options.unjudged)
        took_ms = round((time.perf_counter() - began) * 1000, 2)
        if options.format == "json":
            print_json(cited_document(cited, searcher, style, took_ms))
        elif options.format == "report":
            click.echo(cited_text(cited, searcher.citations, style, searcher.manifest.index_version, took_ms))
        else:
            name = output.stem if output else "references"
            form = options.output_format()
            _put_out(cited, output_document(cited, form, style, data, options.bibliography, name), output)


def _put_out(cited: "CitedDraft", made: "OutputDocument", output: Path | None) -> None:
    """The draft with citations and the files beside it; what a writer has to know goes to standard error."""
    from search_api.drafts.report_text import counted

    _write(made.content, output)
    for suffix, content in made.beside.items():
        _write(content, output.with_suffix(f".{suffix}") if output else None)
    for note in (*cited.notes, *made.notes):
        click.echo(f"note: {note}", err=True)
    click.echo(counted(cited), err=True)


def _write(content: str | bytes, output: Path | None) -> None:
    from corpus.errors import InputError

    if output is None:
        click.echo(content, nl=False)
        return
    try:
        output.write_bytes(content if isinstance(content, bytes) else content.encode())
    except OSError as error:
        raise InputError(str(output), f"cannot be written ({error.strerror})", "check the path") from error
    click.echo(f"wrote {output}", err=True)
