"""Tells the people of a group of an event: first a job for each of them, then each by mail, by text, or both."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable
from uuid import UUID

from application.effects.job import Audience, GroupTelling, Job, SendDigest, TellDigest, TellGroup, TellPerson, job_id
from application.handler import Handler
from application.jobs.draft import Draft, number, recipient
from application.jobs.letters.groups import GroupLetters
from application.jobs.ports import History, Letters, Mail, Mailer, Skipped, Sms, Texter
from domain.groups.events import DeadlineExtended, GroupOpened, MemberJoined
from domain.groups.group import groups
from domain.groups.standing import OPEN, Opened
from domain.suppliers.supplier import Company, suppliers
from domain.users.preferences import Notice
from domain.users.user import users
from domain.values import Value

DAY = timedelta(days=1)
CLOSING = "group_closing"


@runtime_checkable
class Enqueue(Protocol):
    def __call__(self, jobs: Sequence[Job]) -> None:
        """Write jobs down; those known by their id stay as they are."""
        ...


@runtime_checkable
class Talk(Protocol):
    def authors(self, group_id: UUID, since: datetime, until: datetime) -> Sequence[UUID]:
        """Who wrote each message of that time, some hundreds at most."""
        ...


class Tell:
    """Done again, a circular makes the same jobs, and a person is sent the same mail under the same Message-ID."""

    def __init__(
        self, history: History, handle: Handler, letters: Letters, mailer: Mailer, texter: Texter, enqueue: Enqueue, talk: Talk, site: str
    ) -> None:
        self._history = history
        self._handle = handle
        self._letters = letters
        self._mailer = mailer
        self._texter = texter
        self._enqueue = enqueue
        self._talk = talk
        self._groups = GroupLetters(history, site)

    def __call__(self, job: Job, work: GroupTelling) -> None:
        """Raises `Skipped` where there is nobody to tell or nothing to tell any more, `Refused` or `Unavailable` as the carriers do."""
        match work:
            case TellGroup():
                self._tell_group(job, work)
            case TellPerson(letter, stream, version, person):
                self._tell(job.id, person, "groups", letter, self._groups.facts(self._history.event(stream, version).event, person))
            case TellDigest():
                self._tell_digest(job, work)
            case SendDigest(group_id, person, joined, messages):
                facts = {"title": self._groups.opened(group_id).title, "link": self._groups.link(group_id)}
                self._tell(job.id, person, "group_digest", "group_digest", {**facts, "joined": str(joined), "messages": str(messages)})

    def _tell_group(self, job: Job, work: TellGroup) -> None:
        event = self._history.event(work.stream, work.version).event
        group = self._group(event.group_id)
        if work.letter == CLOSING:
            still_closing(event, group)
        people = self._people(group, work.audience)
        self._enqueue(
            [
                Job(
                    job_id(job.event_id, f"{work.letter} {each}"),
                    TellPerson(work.letter, work.stream, work.version, each),
                    job.event_id,
                    job.correlation_id,
                )
                for each in people
            ]
        )

    def _tell_digest(self, job: Job, work: TellDigest) -> None:
        """Whoever alone was behind all of it knows it already."""
        since, id = work.until - DAY, work.group_id
        events = (each.event for each in self._history.stream(id))
        joined = [each.member_id for each in events if isinstance(each, MemberJoined) and since <= each.at < work.until]
        authors = self._talk.authors(id, since, work.until)
        behind = {*joined, *authors}
        people = [each for each in self._people(self._group(id), "members") if behind - {each}]
        if not people:
            raise Skipped("nothing_new")
        day = f"{work.until:%Y-%m-%d}"
        self._enqueue(
            [
                Job(
                    job_id(id, f"digest {day} {each}"),
                    SendDigest(id, each, len(joined), len(authors)),
                    job.event_id,
                    job.correlation_id,
                )
                for each in people
            ]
        )

    def _group(self, group_id: UUID) -> Opened:
        group = self._handle.state(group_id, groups)
        if not isinstance(group, Opened):
            raise Skipped("no_group")
        return group

    def _people(self, group: Opened, audience: Audience) -> Sequence[UUID]:
        """As they are by now."""
        match audience:
            case "members":
                return list(dict.fromkeys((group.organiser_id, *group.members)))
            case "organiser":
                return [group.organiser_id]
            case "supplier":
                company = self._handle.state(group.supplier_id, suppliers)
                return list(company.members) if isinstance(company, Company) else []

    def _tell(self, id: UUID, person: UUID, notice: Notice, letter: str, facts: Mapping[str, str]) -> None:
        """By each way that he wants and that leads to him."""
        draft = Draft(person, "order", facts, notice=notice)
        who = users.fold(each.event for each in self._history.stream(person))
        ways = 0
        try:
            address, name = recipient(who, draft)
        except Skipped as skipped:
            reason = skipped.reason
        else:
            reason, ways = "", 1
            words = self._letters.write(letter, {**facts, "name": name})
            self._mailer.send(Mail(id, address, name, words.subject, words.text, words.html))
        try:
            to = number(who, draft)
        except Skipped:
            if not ways:
                raise Skipped(reason) from None
        else:
            self._texter.send(Sms(id, to, self._letters.text(letter, facts)))


def still_closing(event: Value, group: Opened) -> None:
    """Of a deadline that was put off its own event tells; a group that gathers no more has none."""
    if not isinstance(event, GroupOpened | DeadlineExtended) or group.status not in OPEN or group.deadline != event.deadline:
        raise Skipped("superseded")
