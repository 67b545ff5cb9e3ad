"""A worker that is killed by SIGKILL when its mail was taken, before it can say so. Arguments: database URL, SMTP port."""

import os
import signal
import sys
from datetime import UTC, datetime, timedelta

from application.effects.job import Job
from application.jobs.ports import Mail
from infrastructure.environ import Secret, Smtp
from infrastructure.jobs.queue import Queue
from infrastructure.jobs.worker import Worker
from infrastructure.messaging.smtp import SmtpMailer
from infrastructure.postgres import open_pool


def mailer(port: int) -> SmtpMailer:
    return SmtpMailer(Smtp("127.0.0.1", port, "", Secret(""), "none"), "tw@tradewind.example", lambda: datetime.now(UTC))


def mail(job: Job) -> Mail:
    return Mail(job.id, "ana@example.org", "Ana", "Hello", "text", "<p>html</p>")


def main(database: str, port: str) -> None:
    def do(job: Job) -> None:
        mailer(int(port)).send(mail(job))
        os.kill(os.getpid(), signal.SIGKILL)

    with open_pool(database, 2) as pool:
        Worker(Queue(pool, lease=timedelta(seconds=0.5)), do).empty()


if __name__ == "__main__":
    main(*sys.argv[1:])
