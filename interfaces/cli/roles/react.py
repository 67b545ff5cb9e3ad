"""The role `react`: follows the log and writes down what it owes."""

from infrastructure.eventlog.wake import Waker
from interfaces.cli.running import running


def react() -> None:
    """Write down jobs as events fall due, until told to stop; many may run, one of them leads."""
    with running() as (container, stop), Waker(container.settings.database_url) as waker:
        container.reactor.run(stop, waker.wait)
