"""What errors of Postgres mean to whoever gives a command."""

import re
from types import TracebackType

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


class translated:  # noqa: N801 - used as `with translated():`; a class, because a generator here costs a part of every append
    """Raises Conflict, Rejected or Unavailable in place of psycopg's errors."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        match error:
            case None:
                return
            case errors.UniqueViolation():
                outcome = _of_violation(error)
            case errors.CheckViolation() if error.diag.constraint_name == "last_admin":
                outcome = Rejected("last_admin", "Make someone else an admin first.")
            case errors.DeadlockDetected() | errors.SerializationFailure():
                outcome = Conflict()
            case psycopg.OperationalError() | psycopg.InterfaceError() | PoolClosed():
                outcome = LogUnavailable()
            case _:
                return
        if outcome is not None:
            raise outcome from error


def _of_violation(error: errors.UniqueViolation) -> Exception | None:
    """Of which constraint decides: None for one that is not of the log."""
    match error.diag.constraint_name:
        case "events_pkey" | "commands_pkey" | "personal_keys_pkey":
            return Conflict()
        case "reservations_pkey":
            taken = FIRST_VALUE.search(error.diag.message_detail or "")
            return Rejected(f"{taken[1] if taken else 'value'}_taken")
        case "projection_rebuilds_one" | "projection_rebuilds_pkey":
            return Rejected("rebuild_running")
        case _:
            return None
