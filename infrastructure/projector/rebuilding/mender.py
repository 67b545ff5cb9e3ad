"""Rows that are asked for from zero, of all read models that are served: whoever was forgotten is gone from them soon."""

from collections.abc import Callable, Mapping
from contextlib import suppress

import psycopg
import structlog

from application.ports import Unavailable as LogUnavailable
from infrastructure.locks import Lock
from infrastructure.projector import refolding
from infrastructure.readstores.bookkeeping import Connection, reaching_postgres
from infrastructure.readstores.store import Store, Superseded
from projections.ports import LogReader, Unavailable
from projections.view import Projection

WAITING = """
    SELECT DISTINCT name, version, lease FROM projection_refolds JOIN projection_positions USING (name, version, generation)
"""

logger = structlog.get_logger(__name__)


class Mender:
    """One of a worker; of many workers one mends a read model at a time."""

    def __init__(
        self, projections: Mapping[tuple[str, int], Projection], reader: LogReader, stores: Mapping[str, Callable[[Connection], Store]]
    ) -> None:
        self._projections = projections
        self._reader = reader
        self._stores = stores

    def turn(self, connection: Connection) -> bool:
        """Some rows of each read model that any are asked of; whether there may be more to do at once."""
        with reaching_postgres():
            waiting = connection.execute(WAITING).fetchall()
        mended = [self._mend(connection, name, version, lease) for name, version, lease in waiting]
        return any(mended)

    def _mend(self, connection: Connection, name: str, version: int, lease: int) -> bool:
        projection = self._projections.get((name, version))
        if projection is None:
            return False
        with reaching_postgres():
            taken = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", (Lock.MENDING, lease)).fetchone()
        if taken != (True,):
            return False
        try:
            return refolding.mend(connection, self._stores[projection.engine](connection), self._reader, projection) > 0
        except (Unavailable, LogUnavailable):
            raise
        except Superseded:
            return True
        except Exception:
            logger.exception("rows could not be made from zero", projection=name)
            return False
        finally:
            with suppress(psycopg.Error):
                connection.execute("SELECT pg_advisory_unlock(%s, %s)", (Lock.MENDING, lease))
