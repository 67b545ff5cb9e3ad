"""Tells the people of a group or a supplier of an event: first a job for each of them, then each by mail, by text, or both."""

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable
from uuid import UUID

from application.effects.job import Audience, GroupTelling, Job, SendDigest, TellDigest, TellGroup, TellNews, TellPerson, job_id
from application.handler import Handler
from application.jobs.draft import Draft, number, recipient
from application.jobs.groups.news import News, Talk, Told, in_words
from application.jobs.letters.groups import GroupLetters
from application.jobs.letters.suppliers import Verification, told_of_verification
from application.jobs.ports import History, Letters, Mail, Mailer, Skipped, Sms, Texter
from domain.groups.events import DeadlineExtended, GroupOpened
from domain.groups.group import groups
from domain.groups.standing import OPEN, Opened
from domain.suppliers.supplier import Company, suppliers
from domain.users.preferences import Notice
from domain.users.user import users
from domain.values import Value

CLOSING = "group_closing"


@runtime_checkable
class Enqueue(Protocol):
    def __call__(self, jobs: Sequence[Job]) -> None:
        """Write jobs down; those known by their id stay as they are."""
        ...


class Tell:
    """Done again, a circular makes the same jobs, and a person is sent the same mail under the same Message-ID."""

    def __init__(
        self,
        history: History,
        handle: Handler,
        letters: Letters,
        mailer: Mailer,
        texter: Texter,
        enqueue: Enqueue,
        talk: Talk,
        groups: GroupLetters,
    ) -> None:
        self._history = history
        self._handle = handle
        self._letters = letters
        self._mailer = mailer
        self._texter = texter
        self._enqueue = enqueue
        self._news = News(history, talk)
        self._groups = groups

    def __call__(self, job: Job, work: GroupTelling) -> None:
        """Raises `Skipped` where there is nobody to tell or nothing to tell any more, `Refused` or `Unavailable` as the carriers do."""
        match work:
            case TellGroup():
                self._tell_group(job, work)
            case TellPerson():
                self._tell_person(job.id, work)
            case TellNews():
                self._spread(job, work.group_id, self._news.at_once(self._history.event(work.stream, work.version).event))
            case TellDigest():
                self._spread(job, work.group_id, self._news.collected(work))
            case SendDigest(group_id, person, joined, messages):
                opened = self._groups.opened(group_id)
                facts = {"title": opened.title, "link": self._groups.link(group_id), "news": in_words(joined, messages)}
                self._tell(job.id, person, "group_digest", "group_digest", facts)

    def _tell_group(self, job: Job, work: TellGroup) -> None:
        event = self._history.event(work.stream, work.version).event
        if isinstance(event, Verification):
            people = self._colleagues(event.supplier_id)
        else:
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

    def _spread(self, job: Job, group_id: UUID, told: Told) -> None:
        """Whoever alone was behind all of it knows it already."""
        people = [each for each in self._people(self._group(group_id), "members") if told.behind - {each}]
        if not people:
            raise Skipped("nothing_new")
        joined, messages = len(told.joined), len(told.authors)
        self._enqueue(
            [
                Job(job_id(job.id, str(each)), SendDigest(group_id, each, joined, messages), job.event_id, job.correlation_id)
                for each in people
            ]
        )

    def _tell_person(self, id: UUID, work: TellPerson) -> None:
        """What concerns a company's standing is told to whoever acts for it, whatever he wants to hear of groups."""
        event, person, letter = self._history.event(work.stream, work.version).event, work.recipient, work.letter
        if isinstance(event, Verification):
            self._tell(id, person, None, letter, told_of_verification(event, self._handle))
        else:
            self._tell(id, person, "groups", letter, self._groups.facts(event, person))

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
                return self._colleagues(group.supplier_id)

    def _colleagues(self, supplier_id: UUID) -> Sequence[UUID]:
        company = self._handle.state(supplier_id, suppliers)
        return list(company.members) if isinstance(company, Company) else []

    def _tell(self, id: UUID, person: UUID, notice: Notice | None, letter: str, facts: Mapping[str, str]) -> None:
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
