"""``footnote doctor``: what is wrong, and what to do."""

from pathlib import Path
from typing import Any

import click

from search_api.commands.options import backend_options, config_option, index_option
from search_api.settings import Settings


@click.command()
@index_option
@backend_options
@config_option
def doctor(config: Path | None, **given: Any) -> int:
    """Look over installation, settings, keys, machine and index; exit 1 where something is wrong."""
    from search_api.diagnosis import diagnose

    wrong = 0
    for finding in diagnose(Settings.from_environment(config, **given)):
        wrong += finding.remedy is not None
        click.echo(f"{'WRONG' if finding.remedy else 'ok':6} {finding.subject:12} {finding.found}")
        if finding.remedy:
            click.echo(f"{'':19} do: {finding.remedy}")
    click.echo(f"{wrong} to mend" if wrong else "nothing to mend")
    return 1 if wrong else 0
