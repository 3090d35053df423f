"""``footnote evaluate``: how well questions with known answers are answered."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from search_api.commands.options import STARTER, build_progress, index_option, print_json
from search_api.settings import Settings

if TYPE_CHECKING:
    from corpus.beir_collection import BeirCollection
    from search_api.beir_evaluation import BeirEvaluation, Mode
    from search_api.evaluation import Half

#: Where the index of a collection lies unless ``--index`` says otherwise.
BEIR_INDEXES = Path("index-beir")
_FILE = click.Path(path_type=Path, dir_okay=False)


@dataclass(frozen=True, slots=True)
class _Options:
    """What was given on the command line besides the questions themselves."""

    index: Path | None
    split: str
    half: "Half"
    mode: "Mode"
    assignments: tuple[str, ...]
    run: Path | None
    per_query: Path | None
    compare: Path | None
    as_json: bool


@click.command()
@click.argument("beir_dir", required=False, type=click.Path(path_type=Path))
@index_option
@click.option("--split", default="test", show_default=True, help="Judgements to use: qrels/SPLIT.tsv.")
@click.option("--starter", is_flag=True, help="Ask the starter library's own questions.")
@click.option(
    "--questions", type=click.Path(path_type=Path), default=None, help="Ask the questions of this file."
)
@click.option("--half", type=click.Choice(["tune", "test", "all"]), default="all", show_default=True)
@click.option(
    "--mode", type=click.Choice(["hybrid", "dense", "lexical"]), default="hybrid", show_default=True
)
@click.option(
    "--set", "assignments", multiple=True, metavar="NAME=VALUE", help="A setting of ranking; may be repeated."
)
@click.option("--run", type=_FILE, default=None, help="Write the run in TREC's format.")
@click.option("--per-query", type=_FILE, default=None, help="Write a row for each query, tab-separated.")
@click.option("--compare", type=_FILE, default=None, help="Compare with an earlier run, in TREC's format.")
@click.option("--json", "as_json", is_flag=True, help="Print every outcome as JSON.")
def evaluate(beir_dir: Path | None, starter: bool, questions: Path | None, **given: Any) -> None:
    """Ask questions with known answers: those of BEIR_DIR, the starter library's or a file's."""
    if (beir_dir is not None) + starter + (questions is not None) != 1:
        raise click.UsageError("give one of BEIR_DIR, --starter and --questions FILE")
    options = _Options(**given)
    if beir_dir is not None:
        _ask_collection(beir_dir, options)
        return
    if options.run or options.per_query or options.compare:
        raise click.UsageError("--run, --per-query and --compare need BEIR_DIR")
    _ask_questions(questions or STARTER / "questions.jsonl", options)


def _ask_questions(path: Path, options: _Options) -> None:
    from indexer.generation import IndexDirectory
    from search_api.evaluation import evaluate, read_questions
    from search_api.printing import evaluation_document, evaluation_text
    from search_api.ranking_settings import Ranking
    from search_api.search import Searcher

    ranking = Ranking.from_assignments(options.assignments)
    settings = Settings.from_environment(index=options.index)
    asked = read_questions(path, options.half)
    searcher = Searcher.open(IndexDirectory(settings.index).open(), threads=settings.threads, ranking=ranking)
    evaluation = evaluate(searcher, asked, options.mode)
    searcher.close()
    if options.as_json:
        print_json(evaluation_document(evaluation))
    else:
        click.echo(evaluation_text(evaluation))


def _ask_collection(folder: Path, options: _Options) -> None:
    from corpus.beir_collection import read_collection
    from search_api import beir_reports
    from search_api.beir_evaluation import MEASURES, measured
    from search_api.comparison import compared
    from search_api.run_files import read_run, write_run, write_text

    _check_writable(options.run, options.per_query)
    collection = read_collection(folder, options.split)
    earlier = read_run(options.compare, collection.queries) if options.compare else None
    evaluation = _evaluated(collection, options)
    if options.run:
        write_run(options.run, evaluation.run, "footnote")
    if options.per_query:
        write_text(options.per_query, beir_reports.per_query_table(evaluation))
    document = beir_reports.evaluation_document(evaluation)
    text = beir_reports.evaluation_text(evaluation)
    if earlier is not None:
        before = measured(collection.judgements, earlier)
        differences = compared(before, evaluation.values, MEASURES)
        document["comparison"] = beir_reports.comparison_document(differences, str(options.compare))
        changes = beir_reports.largest_changes(before, evaluation)
        text += "\n\n" + beir_reports.comparison_text(
            differences, (str(options.compare), "this run"), changes
        )
    if options.as_json:
        print_json(document)
    else:
        click.echo(text)


def _evaluated(collection: "BeirCollection", options: _Options) -> "BeirEvaluation":
    """The collection indexed, where it is not yet, and asked."""
    from indexer.generation import IndexDirectory
    from search_api.beir_evaluation import evaluate, indexed
    from search_api.ranking_settings import Ranking
    from search_api.search import Searcher

    ranking = Ranking.from_assignments(options.assignments)
    index = options.index or BEIR_INDEXES / collection.name
    with build_progress() as progress:
        report = indexed(collection, index, progress)
    if report.published:
        click.echo(f"indexed {report.counts['studies']} documents in {report.seconds:.1f} s", err=True)
    for skipped in report.skipped[:10]:
        click.echo(f"skipped {skipped}", err=True)
    threads = Settings.from_environment().threads
    searcher = Searcher.open(IndexDirectory(index).open(), threads=threads, ranking=ranking)
    evaluation = evaluate(collection, searcher, options.mode)
    searcher.close()
    return evaluation


def _check_writable(*files: Path | None) -> None:
    """Better now than after minutes of asking."""
    for file in files:
        if file is not None and not file.absolute().parent.is_dir():
            raise click.UsageError(f"{file}: its folder does not exist; make it, or give another file")
