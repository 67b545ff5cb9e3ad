"""Writes and sends one letter: who gets it and what it says is looked up now, not when it fell due."""

from typing import Any
from uuid import UUID

from application.credentials import Links
from application.effects import job
from application.jobs.draft import Draft, recipient
from application.jobs.listings import ListingLetters
from application.jobs.ports import History, Letters, Mail, Mailer, Skipped
from application.jobs.users import AccountLetters
from application.ports import Clock
from domain.listings.events import ChangesRequested, InquirySent, ListingApproved, ListingRejected
from domain.recorded import Recorded
from domain.users.events import (
    EmailChanged,
    EmailChangeRequested,
    EmailVerificationRequested,
    EmailVerified,
    PasswordChanged,
    PasswordResetRequested,
    UserReinstated,
    UserSuspended,
)
from domain.users.user import Registered, users
from domain.values import Value


class SendLetter:
    """The job of this name. `site` is the address that links begin with."""

    def __init__(self, history: History, letters: Letters, mailer: Mailer, links: Links, site: str, clock: Clock) -> None:
        self._history = history
        self._letters = letters
        self._mailer = mailer
        self._accounts = AccountLetters(links, site, clock)
        self._listings = ListingLetters(history, site)

    def __call__(self, id: UUID, work: job.SendLetter) -> None:
        """`id` is the mail's own. Raises `Skipped` where there is nobody to write to, `Refused` or `Unavailable` as the mailer does."""
        recorded = self._history.stream(work.stream, work.version)[-1]
        draft = self._draft(recorded)
        person = users.fold(each.event for each in self._history.stream(draft.recipient))
        address, name = recipient(person, draft)
        words = self._letters.write(work.letter, {**draft.facts, "name": name})
        self._mailer.send(Mail(id, address, name, words.subject, words.text, words.html))

    def _draft(self, recorded: Recorded[Any]) -> Draft:
        event: Value = recorded.event
        match event:
            case EmailVerificationRequested() | EmailChangeRequested() | PasswordResetRequested():
                return self._accounts.link(event, self._owner(recorded))
            case EmailVerified() | EmailChanged() | PasswordChanged() | UserSuspended() | UserReinstated():
                return self._accounts.told(event, self._owner(recorded))
            case ListingApproved() | ListingRejected() | ChangesRequested():
                return self._listings.review(recorded)
            case InquirySent():
                return self._listings.inquiry(event)
            case _:
                raise Skipped("no_letter")

    def _owner(self, recorded: Recorded[Any]) -> Registered:
        person = users.fold(each.event for each in self._history.stream(recorded.stream))
        if not isinstance(person, Registered):
            raise Skipped("no_person")
        return person
