"""``footnote check``: a reference list against the library, one verdict an entry."""

from pathlib import Path

import click

from search_api.commands.options import bytes_of, index_option, print_json
from search_api.settings import Settings


@click.command()
@click.argument("references", type=click.Path(path_type=Path, allow_dash=True))
@index_option
@click.option("--style", default=None, help="Citation style of the works in --json.")
@click.option("--json", "as_json", is_flag=True, help="Print the document of the API.")
def check(references: Path, index: Path | None, style: str | None, as_json: bool) -> int:
    """Check the reference list in the file REFERENCES (- for standard input), one verdict an entry.

    RIS, BibTeX, CSL-JSON, MEDLINE (.nbib), PubMed XML, CSV or pasted text. Exit code 1 when an entry
    needs a person.
    """
    from corpus.reference_lists import read_reference_list
    from indexer.generation import IndexDirectory
    from search_api.check_report import check_document, check_text
    from search_api.checking import check_references
    from search_api.citations import style_name
    from search_api.search import Searcher

    settings = Settings.from_environment(index=index, style=style)
    chosen = style_name(settings.style)
    listed = read_reference_list(_text_of(references, settings.max_draft_bytes), references.name)
    searcher = Searcher.open(IndexDirectory(settings.index).open(), threads=settings.threads)
    checked = check_references(listed.entries, searcher.library)
    if as_json:
        print_json(check_document(checked, listed, searcher, chosen))
    else:
        click.echo(check_text(checked, listed))
    searcher.close()
    return int(any(result.needs_person for result in checked))


def _text_of(path: Path, most: int) -> str:
    from corpus.decoding import Undecodable, decoded
    from corpus.errors import InputError

    text = decoded(bytes_of(path, most))
    if isinstance(text, Undecodable):
        raise InputError(str(path), text.reason, "save the list as text")
    return text.text
