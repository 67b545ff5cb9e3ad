"""A session: one signed-in device of a user, from its sign-in until it is ended."""

from uuid import UUID

from msgspec.structs import replace

from domain.decider import Decider, Rejected
from domain.users.commands import EndSession, SessionCommand, StartSession
from domain.users.events import SessionEnded, SessionEvent, SessionStarted
from domain.values import Actor, Role, Value


class Unstarted(Value, frozen=True, tag=True):
    pass


class Started(Value, frozen=True, tag=True):
    id: UUID
    user_id: UUID
    ended: bool = False


Session = Unstarted | Started


def decide(command: SessionCommand, session: Session) -> list[SessionEvent]:
    match command, session:
        case StartSession(), Unstarted():
            return [SessionStarted(command.session_id, command.user_id, command.agent, command.now)]
        case StartSession(), Started():
            return []
        case EndSession(), Unstarted():
            raise Rejected("session_not_found")
        case EndSession(), Started():
            return end(command, session)


def end(command: EndSession, session: Started) -> list[SessionEvent]:
    if not may_end(session, command.by):
        raise Rejected("not_yours")
    if session.ended:
        return []
    return [SessionEnded(session.id, session.user_id, command.reason, command.now)]


def may_end(session: Started, by: Actor) -> bool:
    return by.id == session.user_id or by.is_any(Role.ADMIN)


def evolve(session: Session, event: SessionEvent) -> Session:
    match event, session:
        case SessionStarted(), _:
            return Started(event.session_id, event.user_id)
        case SessionEnded(), Started():
            return replace(session, ended=True)
        case SessionEnded(), Unstarted():
            return session


def actions(session: Session, by: Actor) -> list[str]:
    return ["end"] if isinstance(session, Started) and not session.ended and may_end(session, by) else []


sessions = Decider("session", Unstarted(), decide, evolve, actions=actions)
