"""Whether this release can read every event there is: asked when a role starts, before it answers or follows anything."""

from collections.abc import Iterable

import psycopg
import structlog
from psycopg_pool import ConnectionPool, PoolTimeout

from infrastructure.eventlog.mapper import EventMapper
from infrastructure.readstores.bookkeeping import Connection

STORED = "SELECT type, schema FROM stored_forms() ORDER BY type, schema"
"""One step through an index for each type: milliseconds, however long the log is."""

logger = structlog.get_logger(__name__)


class UnreadableLog(Exception):
    """Says every form on the log that this release has no way to read, one a line."""


def check(pool: ConnectionPool[Connection], mapper: EventMapper) -> None:
    """Raise `UnreadableLog` where the log holds what cannot be read.

    While the log does not answer nothing is known: a role that starts then goes on, as one goes on that loses the log later.
    """
    try:
        with pool.connection() as connection:
            stored = connection.execute(STORED).fetchall()
    except (psycopg.OperationalError, PoolTimeout, psycopg.errors.UndefinedFunction) as reason:
        logger.warning("the forms of stored events were not checked", reason=str(reason))
        return
    if unread := list(unreadable(stored, mapper)):
        raise UnreadableLog("The event log cannot be read by this release:\n" + "\n".join(unread))


def unreadable(stored: Iterable[tuple[str, int]], mapper: EventMapper) -> Iterable[str]:
    forms = mapper.schemas
    for name, schema in stored:
        known = forms.get(name)
        if known is None:
            yield f"  {name}: no decider folds events of this name. Was it renamed, or is this an older release?"
        elif schema > known:
            yield f"  {name} of schema {schema}: written by a newer release; this one knows {known}."
