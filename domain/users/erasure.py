"""Being forgotten: asked for, taken back within a time of grace, put off while something is in flight, and carried out."""

from datetime import datetime

from domain.decider import Rejected
from domain.users.commands import EraseUser, PostponeErasure, RequestErasure, UserCommand, WithdrawErasure
from domain.users.events import ErasurePostponed, ErasureRequested, ErasureWithdrawn, UserErased, UserEvent


def request(command: RequestErasure, due_at: datetime | None) -> list[UserEvent]:
    if due_at is not None and due_at <= command.due_at:
        return []  # asked twice: already so
    return [ErasureRequested(command.user_id, command.due_at, command.by.id, command.now)]


def withdraw(command: WithdrawErasure, due_at: datetime | None) -> list[UserEvent]:
    return [] if due_at is None else [ErasureWithdrawn(command.user_id, command.by.id, command.now)]


def postpone(command: PostponeErasure, due_at: datetime | None) -> list[UserEvent]:
    check(command.now, due_at)
    return [ErasurePostponed(command.user_id, command.due_at, command.blocking, command.now)]


def carry_out(command: EraseUser, due_at: datetime | None) -> list[UserEvent]:
    check(command.now, due_at)
    return [UserErased(command.user_id, command.now)]


def check(now: datetime, due_at: datetime | None) -> None:
    """What was taken back, or put off meanwhile, is not for now."""
    if due_at is None:
        raise Rejected("erasure_not_requested")
    if now < due_at:
        raise Rejected("erasure_not_due", f"It is due at {due_at.isoformat()}.")


def forgotten(command: UserCommand) -> list[UserEvent]:
    """Of somebody who is forgotten nothing can be asked; that he is to be forgotten is already so."""
    if isinstance(command, EraseUser | PostponeErasure):
        return []
    raise Rejected("user_not_found", "This account was erased.")
