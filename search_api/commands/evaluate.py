"""``footnote evaluate``: how well questions with known answers are answered."""

from pathlib import Path

import click

from search_api.commands.options import STARTER, index_option, print_json
from search_api.settings import Settings


@click.command()
@index_option
@click.option("--starter", is_flag=True, help="Ask the starter library's own questions.")
@click.option(
    "--questions", type=click.Path(path_type=Path), default=None, help="Ask the questions of this file."
)
@click.option("--half", type=click.Choice(["tune", "test", "all"]), default="all", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print every outcome as JSON.")
def evaluate(index: Path | None, starter: bool, questions: Path | None, half: str, as_json: bool) -> None:
    """Ask questions with known answers and say how many were answered, how many rightly refused."""
    from typing import cast

    from indexer.generation import IndexDirectory
    from search_api.evaluation import Half, evaluate, read_questions
    from search_api.printing import evaluation_document, evaluation_text
    from search_api.search import Searcher

    if starter == (questions is not None):
        raise click.UsageError("give either --starter or --questions FILE")
    settings = Settings.from_environment(index=index)
    asked = read_questions(questions or STARTER / "questions.jsonl", cast(Half, half))
    searcher = Searcher.open(IndexDirectory(settings.index).open(), threads=settings.threads)
    evaluation = evaluate(searcher, asked)
    searcher.close()
    if as_json:
        print_json(evaluation_document(evaluation))
    else:
        click.echo(evaluation_text(evaluation))
