"""The command ``footnote``.

Exit 0: done; 1: ``verify`` or ``lint`` found a fault; 2: bad input or usage, with one line on standard error
that gives the value, the rule and the remedy. What a command does not need it does not import.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corpus.errors import FootnoteError
from search_api.settings import Settings

if TYPE_CHECKING:
    from indexer.build import BuildReport

_STARTER = Path(__file__).resolve().parent.parent / "corpus" / "starter"

_index_option = click.option(
    "--index",
    type=click.Path(path_type=Path),
    default=None,
    help="Folder of the index [default: $FOOTNOTE_INDEX, else ./index].",
)


def main() -> None:
    """Run the command line; every fault becomes one line and an exit code."""
    try:
        code = footnote.main(prog_name="footnote", standalone_mode=False)
    except FootnoteError as error:
        _fail(str(error))
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(2)
    except click.ClickException as error:
        _fail(error.format_message())
    except click.Abort:
        _fail("stopped by the user; nothing was published")
    else:
        sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str) -> None:
    click.echo("footnote: " + " ".join(message.split()), err=True)
    sys.exit(2)


class _PipeFriendly(click.Group):
    """A reader that goes away (``footnote search ... | head``) is no fault; click would exit with 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what is left to print after the reader went is dropped."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0


@click.group(
    cls=_PipeFriendly, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="footnote")
def footnote() -> None:
    """Answer questions with cited passages from health articles and studies."""


@footnote.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@_index_option
@click.option("--model", default=None, help="sentence-transformers model, by name or folder.")
@click.option("--prune", is_flag=True, help="Drop sources that the given paths do not hold.")
@click.option(
    "--retractions",
    type=click.Path(path_type=Path),
    default=None,
    help="Retraction Watch CSV: mark what it lists.",
)
@click.option("--verbose", is_flag=True, help="List every unresolved reference, merged record and mark.")
def index(
    paths: tuple[Path, ...],
    index: Path | None,
    model: str | None,
    prune: bool,
    retractions: Path | None,
    verbose: bool,
) -> None:
    """Build or update the index from PATHS (default: the starter library)."""
    from indexer.build import build

    settings = Settings.from_environment(index=index)
    with _progress() as progress:
        report = build(settings.index, list(paths) or [_STARTER], model, prune, progress, retractions)
    _print_report(report, verbose)


@footnote.command()
@click.argument("question")
@_index_option
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
@click.option("--json", "as_json", is_flag=True, help="Print the document of the API.")
def search(
    question: str,
    index: Path | None,
    style: str | None,
    as_json: bool,
    study_type: tuple[str, ...],
    **given: Any,
) -> None:
    """Answer QUESTION with passages and their sources."""
    from indexer.generation import IndexDirectory
    from search_api.citations import style_name
    from search_api.documents import answer_document
    from search_api.printing import answer_text
    from search_api.queries import query_from
    from search_api.search import Searcher

    settings = Settings.from_environment(index=index, style=style)
    chosen = style_name(settings.style)
    parameters = {name: value for name, value in given.items() if value is not None}
    if study_type:
        parameters["study_type"] = list(study_type)
    query = query_from({"query": question, **parameters})
    searcher = Searcher.open(IndexDirectory(settings.index).open(), threads=settings.threads)
    answer = searcher.search(query)
    if as_json:
        _print_json(answer_document(answer, searcher, chosen))
    else:
        click.echo(answer_text(answer, searcher.citations, chosen))
    searcher.close()


@footnote.command()
@_index_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes.")
def serve(index: Path | None, host: str, port: int, workers: int) -> None:
    """Serve the web page and the HTTP API."""
    from indexer.generation import IndexDirectory
    from search_api.citations import style_name
    from search_api.serving import Server

    settings = Settings.from_environment(index=index)
    style_name(settings.style)
    IndexDirectory(settings.index).open()
    click.echo(f"Footnote answers at http://{host}:{port}/ (stop with Ctrl-C)", err=True)
    Server(settings, host, port, workers).run()


@footnote.command()
@click.argument("file", type=click.Path(path_type=Path))
def read(file: Path) -> None:
    """Print what the reader makes of FILE, one JSON source a line."""
    from corpus.errors import NothingToIndexError
    from corpus.reading import read_paths
    from corpus.records import Skipped
    from search_api.documents import source_line

    counts = {"sources": 0, "references": 0, "skipped": 0}
    for found in read_paths([file]):
        if isinstance(found, Skipped):
            counts["skipped"] += 1
            click.echo(f"skipped {found}", err=True)
            continue
        counts["sources"] += 1
        counts["references"] += len(found.references)
        click.echo(json.dumps(source_line(found), ensure_ascii=False))
    click.echo(", ".join(f"{count} {name}" for name, count in counts.items()), err=True)
    if not counts["sources"]:
        raise NothingToIndexError(str(file), "nothing in it could be read", "see the reasons above")


@footnote.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--studies", type=click.Path(path_type=Path), default=None, help="Records that articles may cite as well."
)
def lint(path: Path, studies: Path | None) -> int:
    """Check a library's articles and records under PATH: citations, numbers, retractions, form."""
    from corpus.linting.library import lint_library

    report = lint_library(path, studies)
    for fault in report.faults:
        click.echo(str(fault))
    click.echo(
        f"{report.articles} articles, {report.studies} studies, {len(report.faults)} faults",
        err=bool(report.faults),
    )
    return 1 if report.faults else 0


@footnote.command()
@_index_option
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
    asked = read_questions(questions or _STARTER / "questions.jsonl", cast(Half, half))
    searcher = Searcher.open(IndexDirectory(settings.index).open(), threads=settings.threads)
    evaluation = evaluate(searcher, asked)
    searcher.close()
    if as_json:
        _print_json(evaluation_document(evaluation))
    else:
        click.echo(evaluation_text(evaluation))


@footnote.command()
@_index_option
@click.option("--json", "as_json", is_flag=True, help="Print the document of the API.")
def info(index: Path | None, as_json: bool) -> None:
    """Say what the index holds and how it was made."""
    from indexer.generation import IndexDirectory

    directory = IndexDirectory(Settings.from_environment(index=index).index)
    manifest = directory.open().manifest
    facts = {
        "generation": manifest.name,
        "index_version": manifest.index_version,
        "created": manifest.created,
        "parent": manifest.parent,
        "fingerprint": manifest.fingerprint,
        "counts": dict(manifest.counts),
        "parameters": dict(manifest.parameters),
        "bytes": sum(size for size, _ in manifest.files.values()),
    }
    if as_json:
        _print_json(facts)
        return
    for name, value in facts.items():
        shown = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        click.echo(f"{name:14} {shown}")


@footnote.command()
@_index_option
@click.pass_context
def verify(context: click.Context, index: Path | None) -> int:
    """Check every file of the live generation against its digest."""
    from indexer.generation import IndexDirectory

    directory = IndexDirectory(Settings.from_environment(index=index).index)
    faults = directory.verify()
    for fault in faults:
        click.echo(fault)
    manifest = directory.open_unchecked().manifest
    if faults:
        click.echo(
            f"generation {manifest.name} is damaged: run footnote rollback, or footnote index", err=True
        )
        return 1
    click.echo(f"generation {manifest.name} is sound: {len(manifest.files)} files match their digests")
    return 0


@footnote.command()
@_index_option
def rollback(index: Path | None) -> None:
    """Make the previous generation the live one."""
    from indexer.generation import IndexDirectory

    generation = IndexDirectory(Settings.from_environment(index=index).index).rollback()
    click.echo(f"generation {generation.manifest.name} is live")


class _progress:  # noqa: N801 - a context manager used like a function
    """A bar on standard error, on a terminal only."""

    def __init__(self) -> None:
        self._bar: Any = None

    def __enter__(self) -> Callable[[str, int, int], None]:
        return self._show

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def _show(self, stage: str, finished: int, total: int) -> None:
        from tqdm import tqdm

        if self._bar is None:
            self._bar = tqdm(total=total, desc=stage, unit="passage", disable=not sys.stderr.isatty())
        self._bar.update(finished - self._bar.n)


def _print_json(document: Any) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))


def _print_report(report: "BuildReport", verbose: bool) -> None:
    counts = report.counts
    what = "published" if report.published else "unchanged"
    click.echo(f"{what} {report.index_version} in {report.seconds:.1f} s")
    click.echo(
        f"{counts['articles']} articles, {counts['studies']} studies, {counts['passages']} passages "
        f"({report.encoded} encoded), {report.removed} removed"
    )
    click.echo(
        f"{counts['references']} references, {counts['resolved_references']} resolved, "
        f"{len(report.unresolved)} unresolved references"
    )
    _print_identity_and_standing(report, verbose)
    if report.cut_sentences:
        click.echo(f"{report.cut_sentences} passages cut inside a sentence to fit the encoder", err=True)
    for skipped in report.skipped:
        click.echo(f"skipped {skipped}", err=True)
    for lost in report.unresolved if verbose else report.unresolved[:10]:
        click.echo(f"unresolved [{lost.label}] in {lost.source_id}: {lost.raw or 'empty entry'}", err=True)
    if len(report.unresolved) > 10 and not verbose:
        click.echo(f"... and {len(report.unresolved) - 10} more; --verbose lists them", err=True)


def _print_identity_and_standing(report: "BuildReport", verbose: bool) -> None:
    """What became one source, and what notices mark; nothing where there is neither."""
    if report.merged:
        click.echo(f"{len(report.merged)} records merged into works that were there")
    if report.standing.marked or report.standing.elsewhere:
        marked = len({source_id for source_id, _ in report.standing.marked})
        click.echo(
            f"{marked} works marked by notices, {len(report.standing.elsewhere)} notices about works not here"
        )
    if verbose:
        for merged in report.merged:
            click.echo(f"merged {merged.source_id} by {merged.by}: {', '.join(merged.origins)}", err=True)
        for source_id, notice in report.standing.marked:
            told = notice.notice or notice.recorded_in or "a notice"
            click.echo(f"{notice.status} {source_id} says {told}", err=True)
