"""What errors of Postgres mean to whoever gives a command."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors
from psycopg_pool import PoolClosed

import application.ports
import projections.ports
from application.ports import Conflict
from domain.decider import Rejected

FIRST_VALUE = re.compile(r"=\(([^,]+), ")


class LogUnavailable(application.ports.Unavailable, projections.ports.Unavailable):
    """The log did not answer; both those who write and those who read it know this as their own `Unavailable`."""

    def __init__(self) -> None:
        super().__init__("postgres")


@contextmanager
def translated() -> Iterator[None]:
    """Raise Conflict, Rejected or Unavailable in place of psycopg's errors."""
    try:
        yield
    except errors.UniqueViolation as reason:
        match reason.diag.constraint_name:
            case "events_pkey" | "commands_pkey" | "personal_keys_pkey":
                raise Conflict from reason
            case "reservations_pkey":
                taken = FIRST_VALUE.search(reason.diag.message_detail or "")
                raise Rejected(f"{taken[1] if taken else 'value'}_taken") from reason
            case _:
                raise
    except (errors.DeadlockDetected, errors.SerializationFailure) as reason:
        raise Conflict from reason
    except (psycopg.OperationalError, psycopg.InterfaceError, PoolClosed) as reason:
        raise LogUnavailable from reason
