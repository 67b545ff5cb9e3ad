"""Letters about accounts: links to follow, and changes that their owner is to know of."""

from application.credentials import Links
from application.jobs.draft import Draft, known, moment
from application.jobs.ports import Skipped
from application.ports import Clock
from domain.users.events import (
    EmailChanged,
    EmailChangeRequested,
    EmailVerificationRequested,
    EmailVerified,
    ErasureRequested,
    ErasureWithdrawn,
    PasswordChanged,
    PasswordResetRequested,
    UserReinstated,
    UserSuspended,
)
from domain.users.links import LASTS, Purpose
from domain.users.user import Registered

Linked = EmailVerificationRequested | EmailChangeRequested | PasswordResetRequested
Told = EmailVerified | EmailChanged | PasswordChanged | UserSuspended | UserReinstated | ErasureRequested | ErasureWithdrawn


PAGES = {
    Purpose.EMAIL_VERIFICATION: "verify-email",
    Purpose.EMAIL_CHANGE: "confirm-email",
    Purpose.PASSWORD_RESET: "reset-password",
}
"""The pages under `/account/` that links lead to, where the token is redeemed."""


class AccountLetters:
    def __init__(self, links: Links, site: str, clock: Clock) -> None:
        self._links = links
        self._site = site
        self._clock = clock

    def link(self, event: Linked, person: Registered) -> Draft:
        """A link is only sent while it may still be followed."""
        match event:
            case EmailVerificationRequested():
                pending, purpose, address = person.verification, Purpose.EMAIL_VERIFICATION, event.email
            case EmailChangeRequested():
                pending, purpose, address = person.email_change, Purpose.EMAIL_CHANGE, event.email
            case PasswordResetRequested():
                pending, purpose, address = person.reset, Purpose.PASSWORD_RESET, None
        if pending != event.request_id:
            raise Skipped("superseded")
        if self._clock() >= event.at + LASTS[purpose]:
            raise Skipped("link_expired")
        token = self._links.sign(purpose, person.id, event.request_id, event.at)
        return Draft(person.id, "link", {"link": f"{self._site}/account/{PAGES[purpose]}?token={token}"}, address)

    def told(self, event: Told, person: Registered) -> Draft:
        match event:
            case EmailVerified():
                return Draft(person.id, "account")
            case EmailChanged():
                return Draft(person.id, "account", {"new_address": veiled(known(event.email))}, event.previous)
            case PasswordChanged():
                return Draft(person.id, "account", {"when": moment(event.at)})
            case UserSuspended():
                if not person.suspended:
                    raise Skipped("superseded")
                return Draft(person.id, "account", {"quote": known(event.reason)})
            case UserReinstated():
                if person.suspended:
                    raise Skipped("superseded")
                return Draft(person.id, "account")
            case ErasureRequested():
                if person.erasure_due_at is None:
                    raise Skipped("superseded")
                return Draft(person.id, "account", {"when": moment(person.erasure_due_at)})
            case ErasureWithdrawn():
                if person.erasure_due_at is not None:
                    raise Skipped("superseded")
                return Draft(person.id, "account")


def veiled(address: str) -> str:
    """Enough of an address for its owner to know it, too little for whoever reads the old mailbox by now.

    >>> veiled("ana@example.org")
    'a…@example.org'
    """
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"
