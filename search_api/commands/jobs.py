"""``footnote jobs``: the changes of the library that were asked for over HTTP, listed or worked off."""

import logging.config
import os
from datetime import datetime
from pathlib import Path

import click

from search_api.commands.options import config_option, index_option
from search_api.settings import Settings

#: A tenth of a core where others want all of it: at 19 a busy server would leave a build next to nothing.
_NICENESS = 10


@click.command()
@index_option
@config_option
@click.option("--work", is_flag=True, help="Build what waits; a server does so by itself.")
@click.option("--job-hours", type=int, default=None, help="How long outcomes are kept, in hours.")
@click.option("--log", default=None, help="Form of the log on standard error: text, or json.")
def jobs(index: Path | None, config: Path | None, work: bool, job_hours: int | None, log: str | None) -> None:
    """List the changes of the library that were asked for over HTTP."""
    from indexer.jobs import JobQueue

    settings = Settings.from_environment(config, index=index, job_hours=job_hours, log=log)
    queue = JobQueue(settings.index)
    if work:
        from indexer.job_work import work_off
        from search_api.logs import logging_configuration

        logging.config.dictConfig(logging_configuration(settings.log))
        os.nice(_NICENESS)
        ended = work_off(queue, settings.index, settings.job_hours * 3600)
        click.echo(f"{ended} jobs ended", err=True)
        return
    for job in queue.all():
        since = datetime.fromtimestamp(job.finished or job.started or job.submitted).astimezone()
        click.echo(f"{job.job_id}  {job.state:7}  {since:%Y-%m-%d %H:%M:%S}  {job.kind:6}  {job.subject}")
