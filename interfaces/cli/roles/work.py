"""The role `work`: does the jobs that are due and sends webhooks, and shows the jobs that were given up."""

from collections.abc import Generator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Annotated
from uuid import UUID

from cyclopts import App, Parameter

from domain.operations.commands import DiscardJob, RetryJob
from infrastructure.container import Container
from infrastructure.eventlog.wake import Waker
from infrastructure.jobs.queue import CHANNEL
from interfaces.cli.operator import As, Why, operating
from interfaces.cli.running import reaching, running

app = App(name="work", help="Do what is due.")


@app.default
def work(*, threads: Annotated[int | None, Parameter(help="How many jobs at once.")] = None) -> None:
    """Do due jobs until told to stop; a letter is finished first, an import goes on elsewhere or another time. Many may run."""
    with running() as (container, stop), Waker(container.settings.database_url, CHANNEL) as waker, sending_webhooks(container, stop):
        Thread(target=container.forgetting.retention.run, args=[stop], name="retention", daemon=True).start()
        container.worker.run(stop, threads, waker.wait)


@contextmanager
def sending_webhooks(container: Container, stop: Event) -> Generator[None]:
    """Beside the jobs, and with threads of its own: others' servers are slower than anything here."""
    with Waker(container.settings.database_url) as waker:
        sending = Thread(target=container.webhooks.sending.run, args=[stop, waker.wait], name="webhooks", daemon=True)
        sending.start()
        yield
        sending.join()


@app.command
def dead() -> None:
    """List the jobs that were given up, the latest first, with the reason."""
    with reaching() as settings, Container(settings) as container:
        given_up = container.jobs.dead()
    for job in given_up:
        print(f"{job.id}  {job.kind}  {job.ended_at}  after {job.attempts}: {job.note}  {job.work}")
    print(f"{len(given_up)} jobs were given up" if given_up else "no job was given up")


@app.command
def retry(job: UUID, *, operator: As = "") -> None:
    """Do a given-up job again, as if for the first time."""
    with operating(operator) as (container, by, meta):
        container.tend.job(RetryJob(job, by, container.clock()), meta)
        print("due again")


@app.command
def discard(job: UUID, reason: Why, *, operator: As = "") -> None:
    """Let a given-up job go for good."""
    with operating(operator) as (container, by, meta):
        container.tend.job(DiscardJob(job, reason, by, container.clock()), meta)
        print("discarded")
