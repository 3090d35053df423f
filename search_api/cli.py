"""The command ``footnote``.

Exit 0: done; 1: ``verify``, ``doctor``, ``lint`` or ``check`` found a fault; 2: bad input or usage, with one
line on standard error that gives the value, the rule and the remedy. The commands themselves are in
``search_api/commands``.
"""

import os
import sys
from typing import Any

import click

from corpus.errors import FootnoteError
from search_api.commands import (
    backup,
    check,
    cite,
    doctor,
    evaluate,
    export,
    generations,
    index,
    jobs,
    keys,
    lint,
    mcp,
    read,
    remove,
    report,
    search,
    serve,
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


for _command in (
    index.index,
    remove.remove,
    search.search,
    serve.serve,
    read.read,
    lint.lint,
    check.check,
    cite.cite,
    evaluate.evaluate,
    export.export,
    report.report,
    jobs.jobs,
    keys.keys,
    generations.info,
    generations.verify,
    generations.promote,
    generations.rollback,
    backup.backup,
    backup.restore,
    doctor.doctor,
    mcp.mcp,
):
    footnote.add_command(_command)
