"""What is new in a group: who joined and what was said, told at once after a quiet hour, and else when the hour is over."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from application.effects.job import TellDigest
from application.jobs.ports import History, Skipped
from domain.groups.events import MemberJoined
from domain.values import Value

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@runtime_checkable
class Talk(Protocol):
    def said(self, group_id: UUID, since: datetime, until: datetime) -> Sequence[tuple[datetime, UUID]]:
        """When each message of that time was written and by whom, some hundreds at most; `until` is no part of it."""
        ...


class Told(Value, frozen=True):
    """`joined` are members, `authors` wrote one message each time they are named."""

    joined: tuple[UUID, ...]
    authors: tuple[UUID, ...]

    @property
    def behind(self) -> frozenset[UUID]:
        return frozenset({*self.joined, *self.authors})


class News:
    def __init__(self, history: History, talk: Talk) -> None:
        self._history = history
        self._talk = talk

    def at_once(self, event: Any) -> Told:
        """What has just happened, with all that did so in the same moment. Raises `Skipped` where the hour before was not quiet."""
        if not self._quiet(event.group_id, event.at):
            raise Skipped("told_later")
        if isinstance(event, MemberJoined):
            return Told(tuple(each.member_id for each in self._joins(event.group_id) if each.at == event.at), ())
        return Told((), (event.author_id,))

    def collected(self, work: TellDigest) -> Told:
        """What has happened since, but for what was told at once."""
        id, until, first = work.group_id, work.until, work.first
        since = until - (HOUR if first else DAY)
        told = first if first and self._quiet(id, first) else None
        joined = tuple(each.member_id for each in self._joins(id) if since <= each.at < until and each.at != told)
        return Told(joined, tuple(author for at, author in self._talk.said(id, since, until) if at != told))

    def _quiet(self, group_id: UUID, at: datetime) -> bool:
        """Whether nobody joined or wrote in the hour before."""
        since = at - HOUR
        return not any(since <= each.at < at for each in self._joins(group_id)) and not self._talk.said(group_id, since, at)

    def _joins(self, group_id: UUID) -> list[MemberJoined]:
        return [each.event for each in self._history.stream(group_id) if isinstance(each.event, MemberJoined)]


def in_words(joined: int, messages: int) -> str:
    """Such as «2 joined, 1 new message»."""
    said = f"{messages} new message{'' if messages == 1 else 's'}" if messages else ""
    return ", ".join(filter(None, (f"{joined} joined" if joined else "", said)))
