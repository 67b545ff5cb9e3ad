import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from psycopg_pool import ConnectionPool

from infrastructure.jobs.queue import Queue, Taken
from infrastructure.jobs.worker import Worker
from tests.infrastructure.jobs.worker_that_dies import mail, mailer
from tests.infrastructure.messaging.server import Behaviour, MailServer

ROOT = Path(__file__).parents[3]


def test_a_mail_whose_worker_was_killed_before_it_could_say_so_comes_again_under_the_same_message_id(
    pool: ConnectionPool, queue: Queue, due: Callable[..., UUID], database: str
):
    behaviour = Behaviour()
    server = MailServer(behaviour)
    server.start()
    try:
        job = due()
        command = [sys.executable, "-m", "tests.infrastructure.jobs.worker_that_dies", database, str(server.port)]
        assert subprocess.run(command, cwd=ROOT, check=False, timeout=60).returncode == -signal.SIGKILL
        assert behaviour.taken == [f"<{job}@tradewind.example>"]

        stop = threading.Event()

        def do(taken: Taken) -> None:
            mailer(server.port).send(mail(taken))
            stop.set()

        Worker(queue, do, threads=1, poll=0.05).run(stop)
    finally:
        server.stop()
    assert behaviour.taken == [f"<{job}@tradewind.example>"] * 2
    with pool.connection() as connection:
        assert connection.execute("SELECT state, attempts FROM jobs").fetchall() == [("done", 2)]
