"""The role `work`: does the jobs that are due, and shows those that were given up."""

import os
import signal
import threading
from typing import Annotated
from uuid import UUID

from cyclopts import App, Parameter

app = App(name="work", help="Do what is due.")


@app.default
def work(*, threads: Annotated[int | None, Parameter(help="How many jobs at once.")] = None) -> None:
    """Do due jobs until told to stop; what is in work then is finished first. Many may run."""
    from infrastructure import logging
    from infrastructure.container import Container
    from infrastructure.settings import load

    settings = load(os.environ)
    logging.configure(settings)
    stop = threading.Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: stop.set())
    with Container(settings) as container:
        container.worker.run(stop, threads)


@app.command
def dead() -> None:
    """List the jobs that were given up, the latest first, with the reason."""
    from infrastructure.container import Container
    from infrastructure.settings import load

    with Container(load(os.environ)) as container:
        given_up = container.jobs.dead()
    for job in given_up:
        print(f"{job.id}  {job.kind}  {job.ended_at}  after {job.attempts}: {job.note}  {job.work}")
    print(f"{len(given_up)} jobs were given up" if given_up else "no job was given up")


@app.command
def retry(job: UUID) -> None:
    """Do a given-up job again, as if for the first time."""
    from infrastructure.container import Container
    from infrastructure.settings import load

    with Container(load(os.environ)) as container:
        print("due again" if container.jobs.revive(job) else "no such job was given up")


@app.command
def discard(job: UUID) -> None:
    """Let a given-up job go for good."""
    from infrastructure.container import Container
    from infrastructure.settings import load

    with Container(load(os.environ)) as container:
        print("discarded" if container.jobs.discard(job) else "no such job was given up")
