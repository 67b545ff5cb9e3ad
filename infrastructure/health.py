"""Looks after the parts of the system: each asked in a thread of its own, so that one that hangs holds up nobody's answer."""

import contextlib
import smtplib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from time import monotonic
from typing import Any, TypeAlias

from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from infrastructure.environ import Smtp
from infrastructure.readstores.bookkeeping import reaching_postgres
from projections.health import Component, Lag, Owed, Status, Unwell

PATIENCE = 1.5
"""Seconds after which a component that has not answered is down."""

FRESH = 1.0
"""Seconds for which an answer serves everyone who asks."""

LATE = 30.0
"""Seconds behind the log from which on a read model is not well."""

Found: TypeAlias = tuple[Status, str, float]
"""Status, a word on it, and the seconds it took."""

Check: TypeAlias = Callable[[], str]
"""Returns a word on how it is; raises `Unwell` where it works badly, anything else where it does not work."""

LAGS = """
SELECT name AS projection, version, greatest(head, stable) AS head, stable, position, greatest(stable - position, 0) AS events, taken,
       parked, coalesce(extract(epoch FROM clock_timestamp() - first_parked_at), 0)::float8 AS oldest_parked,
       coalesce(extract(epoch FROM clock_timestamp() - (
           SELECT recorded_at FROM events AS e WHERE e.position > p.position AND e.position <= stable ORDER BY e.position LIMIT 1
       )), 0)::float8 AS seconds
FROM projection_positions AS p, LATERAL (
    SELECT count(*) AS parked, min(parked_at) AS first_parked_at
    FROM parked_events AS e WHERE e.projection = p.name AND e.version = p.version
) AS parked, (SELECT stable_position() AS stable, last_value AS head FROM events_position) AS log
ORDER BY name, version
"""

OWED = """
SELECT position, parked, waiting, overdue, dead,
       coalesce(extract(epoch FROM clock_timestamp() - (
           SELECT recorded_at FROM events AS e WHERE e.position > r.position AND e.position <= stable_position() ORDER BY e.position LIMIT 1
       )), 0)::float8 AS seconds
FROM (SELECT coalesce(max(position), 0) AS position FROM reactions WHERE reader = %(reader)s) AS r,
     (SELECT count(*) AS parked FROM parked_reactions WHERE reader = %(reader)s) AS p,
     (SELECT count(*) FILTER (WHERE attempts > 0 OR due_at <= clock_timestamp()) AS waiting,
             greatest(coalesce(extract(epoch FROM clock_timestamp() - min(due_at)), 0), 0)::float8 AS overdue
      FROM jobs WHERE state = 'due') AS w,
     (SELECT count(*) AS dead FROM jobs WHERE state = 'dead') AS d
"""


class SystemHealth:
    """`checks` are the further components by name, in the order in which they are shown; `reader` is whom effects are read by."""

    def __init__(self, pool: ConnectionPool[Any], checks: Mapping[str, Check], reader: str) -> None:
        self._pool = pool
        self._reader = reader
        self._checks = {"postgres": self._postgres, "projections": self._projections, "effects": self._effects, **checks}
        self._threads = ThreadPoolExecutor(len(self._checks), thread_name_prefix="health")
        self._under_way: dict[str, Future[Found]] = {}
        self._lock = Lock()
        self._known: tuple[float, Sequence[Component]] = (float("-inf"), ())

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def components(self) -> Sequence[Component]:
        with self._lock:  # of many who ask at once, one looks
            looked_at, found = self._known
            if monotonic() - looked_at > FRESH:
                found = self._look()
                self._known = (monotonic(), found)
            return found

    def lags(self) -> Sequence[Lag]:
        with reaching_postgres(), self._pool.connection(timeout=PATIENCE) as connection:
            return connection.cursor(row_factory=class_row(Lag)).execute(LAGS).fetchall()

    def owed(self) -> Owed:
        with reaching_postgres(), self._pool.connection(timeout=PATIENCE) as connection:
            (owed,) = connection.cursor(row_factory=class_row(Owed)).execute(OWED, {"reader": self._reader}).fetchall()
        return owed

    def _look(self) -> Sequence[Component]:
        started = monotonic()
        for name, check in self._checks.items():
            last = self._under_way.get(name)
            if last is None or last.done():  # one that hangs since the last time is not asked again
                self._under_way[name] = self._threads.submit(looked_at, check)
        return [self._outcome(name, started) for name in self._checks]

    def _outcome(self, name: str, started: float) -> Component:
        remaining = max(0.0, started + PATIENCE - monotonic())
        try:
            status, detail, seconds = self._under_way[name].result(remaining)
        except TimeoutError:
            status, detail, seconds = "down", f"no answer within {PATIENCE:g} seconds", monotonic() - started
        return Component(name, status, detail, round(seconds * 1000, 1))

    def _postgres(self) -> str:
        with self._pool.connection(timeout=PATIENCE) as connection:
            connection.execute("SELECT 1")
        return "answers"

    def _projections(self) -> str:
        lags = self.lags()
        late = [f"{each.projection} is {each.seconds:.0f} s behind" for each in lags if each.seconds > LATE]
        parked = [
            f"{each.projection} has {each.parked} parked events, the first for {each.oldest_parked:.0f} s" for each in lags if each.parked
        ]
        if late or parked:
            raise Unwell("; ".join([*late, *parked]))
        return f"{len(lags)} read models are up with the log"

    def _effects(self) -> str:
        owed = self.owed()
        troubles = {
            f"the log was not read for them for {owed.seconds:.0f} s": owed.seconds > LATE,
            f"{owed.parked} events are parked": owed.parked,
            f"a job has been due for {owed.overdue:.0f} s": owed.overdue > LATE,
            f"{owed.dead} jobs were given up": owed.dead,
        }
        if any(troubles.values()):
            raise Unwell("; ".join(trouble for trouble, found in troubles.items() if found))
        return f"{owed.waiting} jobs wait"


def looked_at(check: Check) -> Found:
    started = monotonic()
    try:
        detail = check()
    except Unwell as finding:
        return "degraded", str(finding), monotonic() - started
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it, it is down
        # The kind of error only: its text may hold addresses and names of servers.
        return "down", type(error).__name__, monotonic() - started
    return "ok", detail, monotonic() - started


def redis_answers(client: Any) -> Check:
    def check() -> str:
        client.ping()
        return "answers"

    return check


def opensearch_answers(client: Any) -> Check:
    def check() -> str:
        status: str = client.cluster.health(params={"timeout": "1s", "request_timeout": PATIENCE})["status"]
        if status == "red":
            raise Unwell("some indices cannot be searched")
        return f"cluster is {status}"

    return check


def mail_answers(server: Smtp | None) -> Check:
    """The SMTP server's greeting; without a server mails go to the local mailbox."""

    def check() -> str:
        if server is None:
            return "kept in the local mailbox"
        kind = smtplib.SMTP_SSL if server.security == "tls" else smtplib.SMTP
        with kind(server.host, server.port, timeout=PATIENCE) as connection, contextlib.suppress(smtplib.SMTPServerDisconnected):
            connection.noop()
        return "answers"

    return check
