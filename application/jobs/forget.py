"""The jobs by which a person is forgotten: when his time has come, and until everything derived has followed."""

from typing import Protocol, runtime_checkable

from application.commands.people.erasing import CarryOut
from application.effects.job import EraseUser, FollowErasures, Job
from application.jobs.ports import Skipped
from domain.decider import Rejected


class Unfinished(Exception):
    """Read models have not come so far: it is to be tried again."""


@runtime_checkable
class Follow(Protocol):
    def __call__(self) -> None:
        """Let everything follow the erasures that are open. Raises `Unfinished`."""
        ...


class Forget:
    def __init__(self, carry_out: CarryOut, follow: Follow) -> None:
        self._carry_out = carry_out
        self._follow = follow

    def __call__(self, job: Job, work: EraseUser | FollowErasures) -> None:
        if isinstance(work, FollowErasures):
            self._follow()
            return
        try:
            forgotten = self._carry_out(work.user_id, job.id, job.correlation_id, job.event_id)
        except Rejected as refused:
            raise Skipped(refused.code) from refused
        if not forgotten:
            raise Skipped("in_flight")
