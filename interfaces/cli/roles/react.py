"""The role `react`: follows the log, writes down what it owes and seals it, and shows the events that it could not do this for."""

from threading import Thread

from cyclopts import App

from domain.operations.commands import RetryReaction, SkipReaction
from infrastructure.container import Container
from infrastructure.eventlog.wake import Waker
from infrastructure.reactor.parked import parked
from interfaces.cli.operator import As, Why, operating
from interfaces.cli.running import FOLLOWING, reaching, running

app = App(name="react", help="Follow the event log and write down what is owed.")


@app.default
def react() -> None:
    """Write down jobs as events fall due, until told to stop; many may run, one of them leads."""
    with running(FOLLOWING) as (container, stop), Waker(container.settings.database_url) as waker:
        sealing = Thread(target=container.sealing.sealer.run, args=(stop,), name="sealer", daemon=True)
        sealing.start()
        container.reactor.run(stop, waker.wait)
        sealing.join()


@app.command(name="parked")
def listed() -> None:
    """List the events that could not be reacted to, the oldest first, with the reason."""
    with reaching() as settings, Container(settings) as container:
        found = parked(container.pool, container.reactor.name)
    for event in found:
        print(f"{event.position}  {event.type}  {event.stream}  {event.parked_at}: {event.error}")
    print(f"{len(found)} events are parked" if found else "no event is parked")


@app.command
def retry(position: int, *, operator: As = "") -> None:
    """Try a parked event again, once what failed is mended; whoever reacts does so at once."""
    with operating(operator) as (container, by, meta):
        container.tend.reaction(RetryReaction(position, by, container.clock()), meta)
        print("asked for: it is tried again at once, and parked again where it fails")


@app.command
def skip(position: int, reason: Why, *, operator: As = "") -> None:
    """Let a parked event go without what it owes, for good."""
    with operating(operator) as (container, by, meta):
        container.tend.reaction(SkipReaction(position, reason, by, container.clock()), meta)
        print("skipped")
