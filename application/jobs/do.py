"""Does one job, by the kind of its work."""

from collections.abc import Callable

from application.effects.job import Job, KeepSnapshot, React, RunImport, SendLetter
from application.imports.running import Importer
from application.jobs import keep_snapshot, react, send_letter
from application.jobs.ports import Interrupted


class Do:
    """`stopping` tells whether this process has been told to end."""

    def __init__(
        self,
        send: send_letter.SendLetter,
        react: react.React,
        keep: keep_snapshot.KeepSnapshot,
        importer: Importer,
        stopping: Callable[[], bool],
    ) -> None:
        self._send = send
        self._react = react
        self._keep = keep
        self._importer = importer
        self._stopping = stopping

    def __call__(self, job: Job) -> None:
        """Raises `Skipped` and `Refused` where the job has ended thereby, `Interrupted` where this process is to end before it is done.

        After anything else it is to be tried again.
        """
        match job.work:
            case SendLetter():
                self._send(job.id, job.work)
            case React():
                self._react(job.work)
            case KeepSnapshot():
                self._keep(job.work)
            case RunImport(import_id):
                self._importer(import_id, job.correlation_id, self._between_batches)

    def _between_batches(self, _row: int) -> None:
        if self._stopping():
            raise Interrupted
