"""The role `work`: does the jobs that are due, and shows those that were given up."""

from typing import Annotated
from uuid import UUID

from cyclopts import App, Parameter

from infrastructure.container import Container
from infrastructure.eventlog.wake import Waker
from infrastructure.jobs.queue import CHANNEL
from interfaces.cli.running import reaching, running

app = App(name="work", help="Do what is due.")


@app.default
def work(*, threads: Annotated[int | None, Parameter(help="How many jobs at once.")] = None) -> None:
    """Do due jobs until told to stop; a letter is finished first, an import goes on elsewhere or another time. Many may run."""
    with running() as (container, stop), Waker(container.settings.database_url, CHANNEL) as waker:
        container.worker.run(stop, threads, waker.wait)


@app.command
def dead() -> None:
    """List the jobs that were given up, the latest first, with the reason."""
    with reaching() as settings, Container(settings) as container:
        given_up = container.jobs.dead()
    for job in given_up:
        print(f"{job.id}  {job.kind}  {job.ended_at}  after {job.attempts}: {job.note}  {job.work}")
    print(f"{len(given_up)} jobs were given up" if given_up else "no job was given up")


@app.command
def retry(job: UUID) -> None:
    """Do a given-up job again, as if for the first time."""
    with reaching() as settings, Container(settings) as container:
        print("due again" if container.jobs.revive(job) else "no such job was given up")


@app.command
def discard(job: UUID) -> None:
    """Let a given-up job go for good."""
    with reaching() as settings, Container(settings) as container:
        print("discarded" if container.jobs.discard(job) else "no such job was given up")
