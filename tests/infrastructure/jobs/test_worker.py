import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import psycopg
from psycopg_pool import ConnectionPool

from application.jobs.ports import Interrupted, Refused, Skipped
from infrastructure.eventlog.wake import Waker
from infrastructure.jobs.queue import CHANNEL, Queue, Taken
from infrastructure.jobs.worker import FIRST_PAUSE, LONGEST_PAUSE, Worker, pause

Due = Callable[..., UUID]


def at_once(_attempts: int) -> timedelta:
    return timedelta(0)


def fate(pool: ConnectionPool, job: UUID) -> tuple[str, int, str]:
    with pool.connection() as connection:
        row = connection.execute("SELECT state, attempts, note FROM jobs WHERE id = %s", [job]).fetchone()
    assert row
    return row[0], row[1], row[2]


def test_a_job_done_is_done(pool: ConnectionPool, queue: Queue, due: Due):
    job = due()
    done: list[UUID] = []
    assert Worker(queue, lambda taken: done.append(taken.id)).empty() == 1
    assert done == [job]
    assert fate(pool, job) == ("done", 1, "")


def test_a_job_with_nothing_left_to_do_is_skipped_with_its_reason(pool: ConnectionPool, queue: Queue, due: Due):
    def do(_: Taken) -> None:
        raise Skipped("person_erased")

    job = due()
    Worker(queue, do).empty()
    assert fate(pool, job) == ("skipped", 1, "person_erased")


def test_a_job_given_back_is_another_workers_at_once(pool: ConnectionPool, queue: Queue, due: Due):
    def leave(_: Taken) -> None:
        raise Interrupted

    job = due()
    assert Worker(queue, leave).step()
    assert fate(pool, job)[0] == "due"
    assert Worker(queue, lambda _: None).empty() == 1
    assert fate(pool, job)[0] == "done"


def test_a_failing_job_is_tried_again_until_it_succeeds(pool: ConnectionPool, queue: Queue, due: Due):
    def do(taken: Taken) -> None:
        if taken.attempts < 3:
            raise TimeoutError

    job = due()
    assert Worker(queue, do, pause=at_once).empty() == 3
    assert fate(pool, job)[:2] == ("done", 3)


def test_a_job_that_never_succeeds_is_given_up_with_its_last_error(pool: ConnectionPool, queue: Queue, due: Due):
    def do(_: Taken) -> None:
        raise ValueError("no such thing")

    job = due()
    assert Worker(queue, do, attempts=4, pause=at_once).empty() == 4
    assert fate(pool, job) == ("dead", 4, "ValueError: no such thing")


def test_a_refused_job_is_given_up_at_once(pool: ConnectionPool, queue: Queue, due: Due):
    def do(_: Taken) -> None:
        raise Refused("550 no such mailbox")

    job = due()
    assert Worker(queue, do).empty() == 1
    assert fate(pool, job) == ("dead", 1, "refused: 550 no such mailbox")


def test_a_job_that_kills_its_workers_is_given_up(pool: ConnectionPool, due: Due):
    job = due()
    queue = Queue(pool, lease=timedelta(0))
    for _ in range(3):
        queue.take("about to die")
    assert Worker(queue, lambda _: None, attempts=3).empty() == 1
    assert fate(pool, job)[0] == "dead"


def test_pauses_grow_to_an_hour_and_are_spread():
    assert FIRST_PAUSE / 2 <= pause(1) <= FIRST_PAUSE
    assert all(LONGEST_PAUSE / 2 <= pause(n) <= LONGEST_PAUSE for n in (12, 100))
    assert len({pause(5) for _ in range(20)}) > 1


def test_the_worker_finishes_what_it_began_when_told_to_stop(pool: ConnectionPool, queue: Queue, due: Due):
    begun, go_on, stop = threading.Event(), threading.Event(), threading.Event()

    def do(_: Taken) -> None:
        begun.set()
        assert go_on.wait(10)

    job, left = due(), None
    running = threading.Thread(target=Worker(queue, do, threads=1, poll=0.01).run, args=[stop])
    running.start()
    assert begun.wait(10)
    left = due()
    stop.set()
    go_on.set()
    running.join(10)
    assert not running.is_alive()
    assert (fate(pool, job)[0], fate(pool, left)[0]) == ("done", "due")


def test_a_lease_is_renewed_while_its_job_runs(pool: ConnectionPool, due: Due, database: str):
    queue = Queue(pool, lease=timedelta(seconds=0.3))
    stop = threading.Event()
    runs: list[int] = []

    def do(taken: Taken) -> None:
        runs.append(taken.attempts)
        renewed = "SELECT 1 FROM jobs WHERE due_at > created_at + interval '1 second'"
        with psycopg.connect(database) as connection:
            while not connection.execute(renewed).fetchall():
                connection.rollback()
        stop.set()

    job = due()
    Worker(queue, do, threads=3, poll=0.01).run(stop)
    assert runs == [1]
    assert fate(pool, job)[0] == "done"


def test_the_worker_survives_the_loss_of_its_connections(queue: Queue, due: Due, database: str, pool: ConnectionPool):
    stop, begun, again = threading.Event(), threading.Event(), threading.Event()

    def do(_: Taken) -> None:
        (again if begun.is_set() else begun).set()

    first = due()
    running = threading.Thread(target=Worker(queue, do, threads=2, poll=0.01).run, args=[stop])
    running.start()
    assert begun.wait(10)
    with psycopg.connect(database, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
        job = UUID(int=7)
        other.execute(
            "INSERT INTO jobs (id, kind, work, event_id, correlation_id) SELECT %s, kind, work, event_id, correlation_id FROM jobs LIMIT 1",
            [job],
        )
    assert again.wait(20)
    stop.set()
    running.join(10)
    assert (fate(pool, first)[:2], fate(pool, job)[:2]) == (("done", 1), ("done", 1))


def test_how_a_job_ended_is_known_until_it_can_be_written_down(pool: ConnectionPool, queue: Queue, due: Due, database: str):
    done: list[UUID] = []

    def do(taken: Taken) -> None:
        done.append(taken.id)
        with psycopg.connect(database, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )

    job = due()
    Worker(queue, do, poll=0.01).empty()
    assert done == [job]
    assert fate(pool, job) == ("done", 1, "")


def test_a_worker_is_woken_when_a_job_is_put(queue: Queue, due: Due, database: str):
    stop, idle = threading.Event(), threading.Event()

    class Watched(Worker):
        def _rest(self, wakings: int) -> None:
            idle.set()
            super()._rest(wakings)

    with Waker(database, CHANNEL) as waker:
        woken = Watched(queue, lambda _: stop.set(), threads=2, poll=30)
        running = threading.Thread(target=woken.run, args=[stop, None, lambda _: waker.wait(0.5)])
        running.start()
        assert idle.wait(10)
        due()
        assert stop.wait(10)
        running.join(10)
    assert not running.is_alive()
