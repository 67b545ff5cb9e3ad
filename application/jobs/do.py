"""Does one job, by the kind of its work."""

from application.effects.job import Job, RunImport, SendLetter
from application.imports.running import Importer
from application.jobs import send_letter


class Do:
    def __init__(self, send: send_letter.SendLetter, importer: Importer) -> None:
        self._send = send
        self._importer = importer

    def __call__(self, job: Job) -> None:
        """Raises `Skipped` and `Refused` where the job has ended thereby; after anything else it is to be tried again."""
        match job.work:
            case SendLetter():
                self._send(job.id, job.work)
            case RunImport(import_id):
                self._importer(import_id, job.correlation_id)
