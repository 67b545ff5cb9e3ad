"""The role `project`: follows the log and keeps the read models."""

from infrastructure.eventlog.wake import Waker
from interfaces.cli.running import running


def project() -> None:
    """Keep the read models up with the log, until told to stop; many may run, one of them works on each read model."""
    with running() as (container, stop), Waker(container.settings.database_url) as waker:
        container.runner.run(stop, waker.wait)
