"""``footnote evaluate``: how well questions with known answers are answered."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from search_api.commands.options import (
    STARTER,
    backend_options,
    build_progress,
    index_option,
    print_json,
    profile_option,
    rerank_option,
)
from search_api.settings import Settings

if TYPE_CHECKING:
    from corpus.beir_collection import BeirCollection
    from search_api.beir_evaluation import BeirEvaluation, Mode, Values
    from search_api.evaluation import Half
    from search_api.search import Searcher

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
    profile: str | None
    rerank: str | None
    backend: str | None
    uri: str | None
    collection: str | None
    run: Path | None
    per_query: Path | None
    compare: Path | None
    against: str | None
    as_json: bool

    def settings(self, index: Path | None = None) -> Settings:
        """The settings that these options make."""
        return Settings.from_environment(
            index=index or self.index,
            profile=self.profile,
            rerank=self.rerank,
            backend=self.backend,
            uri=self.uri,
            collection=self.collection,
        )


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
@profile_option
@rerank_option
@backend_options
@click.option("--run", type=_FILE, default=None, help="Write the run in TREC's format.")
@click.option("--per-query", type=_FILE, default=None, help="Write a row for each query, tab-separated.")
@click.option("--compare", type=_FILE, default=None, help="Compare with an earlier run, in TREC's format.")
@click.option("--against", metavar="GENERATION", help="Ask this generation, compare with the live one.")
@click.option("--json", "as_json", is_flag=True, help="Print every outcome as JSON.")
def evaluate(beir_dir: Path | None, starter: bool, questions: Path | None, **given: Any) -> None:
    """Ask questions with known answers: those of BEIR_DIR, the starter library's or a file's."""
    if (beir_dir is not None) + starter + (questions is not None) != 1:
        raise click.UsageError("give one of BEIR_DIR, --starter and --questions FILE")
    from search_api.ranking_settings import Ranking

    options = _Options(**given)
    # What is mistyped is told now, not after a build.
    Ranking.of_profile(options.settings().profile)
    Ranking.from_assignments(options.assignments)
    if options.compare and options.against:
        raise click.UsageError("--compare and --against each compare with something; give one of them")
    if beir_dir is not None:
        _ask_collection(beir_dir, options)
        return
    if options.run or options.per_query or options.compare:
        raise click.UsageError("--run, --per-query and --compare need BEIR_DIR")
    _ask_questions(questions or STARTER / "questions.jsonl", options)


def _ask_questions(path: Path, options: _Options) -> None:
    from search_api import evaluation, printing
    from search_api.beir_reports import change_lines, comparison_document, comparison_text
    from search_api.comparison import changed_most, compared

    index = options.settings().index
    asked = evaluation.read_questions(path, options.half)
    with _searcher(index, options, None) as live:
        before = after = evaluation.evaluate(live, asked, options.mode)
        names = live.manifest.index_version, ""
    if options.against:
        with _searcher(index, options, options.against) as other:
            after = evaluation.evaluate(other, asked, options.mode)
            names = names[0], other.manifest.index_version
    document, text = printing.evaluation_document(after), printing.evaluation_text(after)
    if options.against:
        differences = compared(before.values, after.values, evaluation.MEASURES)
        changes = changed_most(before.values, after.values, "MRR@3")
        lines = change_lines(changes, {question.question_id: question.text for question in asked})
        document["comparison"] = comparison_document(differences, names[0])
        text += "\n\n" + comparison_text(differences, names, lines)
    _print(document, text, options)


def _ask_collection(folder: Path, options: _Options) -> None:
    from corpus.beir_collection import read_collection
    from search_api import beir_reports
    from search_api.beir_evaluation import MEASURES, measured
    from search_api.comparison import compared
    from search_api.run_files import read_run, write_run, write_text

    _check_writable(options.run, options.per_query)
    collection = read_collection(folder, options.split)
    earlier = read_run(options.compare, collection.queries) if options.compare else None
    index = _indexed(collection, options)
    before: Values | None = measured(collection.judgements, earlier) if earlier is not None else None
    names = str(options.compare), "this run"
    if options.against:
        live = _evaluated(collection, index, options, None)
        before, names = live.values, (live.index_version, options.against)
    evaluation = _evaluated(collection, index, options, options.against)
    if options.run:
        write_run(options.run, evaluation.run, "footnote")
    if options.per_query:
        write_text(options.per_query, beir_reports.per_query_table(evaluation))
    document = beir_reports.evaluation_document(evaluation)
    text = beir_reports.evaluation_text(evaluation)
    if before is not None:
        differences = compared(before, evaluation.values, MEASURES)
        document["comparison"] = beir_reports.comparison_document(differences, names[0])
        changes = beir_reports.largest_changes(before, evaluation)
        text += "\n\n" + beir_reports.comparison_text(differences, names, changes)
    _print(document, text, options)


def _indexed(collection: "BeirCollection", options: _Options) -> Path:
    """Where the collection is indexed; it is built there unless it is there already."""
    from indexer.generation import IndexDirectory
    from search_api.beir_evaluation import indexed
    from search_api.opening import cluster_of
    from search_api.publishing import build_into

    index = options.index or BEIR_INDEXES / collection.name
    if options.against:
        IndexDirectory(index).open(options.against)
    cluster = cluster_of(options.settings())
    with build_progress() as progress:
        if cluster is None:
            report = indexed(collection, index, progress)
        else:
            with closing(cluster):
                report = build_into(
                    cluster, index, lambda aside: indexed(collection, index, progress, aside), False, progress
                ).report
    if report.published:
        click.echo(f"indexed {report.counts['studies']} documents in {report.seconds:.1f} s", err=True)
    for skipped in report.skipped[:10]:
        click.echo(f"skipped {skipped}", err=True)
    return index


def _evaluated(
    collection: "BeirCollection", index: Path, options: _Options, generation: str | None
) -> "BeirEvaluation":
    from search_api.beir_evaluation import evaluate

    with _searcher(index, options, generation) as searcher:
        return evaluate(collection, searcher, options.mode)


@contextmanager
def _searcher(index: Path, options: _Options, generation: str | None) -> "Iterator[Searcher]":
    """The searcher of the live generation, or of the one named, with the settings of ranking asked for."""
    from search_api.opening import opened_searcher

    with opened_searcher(options.settings(index), generation) as searcher:
        # Over those that the searcher chose by the size of the library, so that nothing else is switched.
        searcher.ranking = searcher.ranking.with_assignments(options.assignments)
        yield searcher


def _print(document: dict[str, Any], text: str, options: _Options) -> None:
    if options.as_json:
        print_json(document)
    else:
        click.echo(text)


def _check_writable(*files: Path | None) -> None:
    """Better now than after minutes of asking."""
    for file in files:
        if file is not None and not file.absolute().parent.is_dir():
            raise click.UsageError(f"{file}: its folder does not exist; make it, or give another file")
