"""Keeps what a long stream has come to, so that the next command loads it from there."""

from collections.abc import Iterable
from typing import Any

from application.effects import job
from application.handler import NO_COMMAND, decision_on
from application.jobs.ports import Snapshots
from application.ports import Snapshot
from domain.decider import Decider


class KeepSnapshot:
    """The job of this name."""

    def __init__(self, log: Snapshots, deciders: Iterable[Decider[Any, Any, Any]]) -> None:
        self._log = log
        self._deciders = {decider.name: decider for decider in deciders}

    def __call__(self, work: job.KeepSnapshot) -> None:
        loaded = self._log.load([work.stream], NO_COMMAND, kinds=[work.kind])
        reached = decision_on(loaded, work.stream, self._deciders[work.kind])
        self._log.keep(work.stream, Snapshot(work.kind, reached.version, reached.state))
