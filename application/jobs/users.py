"""Letters about accounts: links to follow, and changes that their owner is to know of."""

from datetime import datetime
from uuid import UUID

from application.jobs.draft import Draft, known, moment
from application.jobs.ports import LinkSigner, Skipped
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
from domain.users.user import Registered

Linked = EmailVerificationRequested | EmailChangeRequested | PasswordResetRequested
Told = EmailVerified | EmailChanged | PasswordChanged | UserSuspended | UserReinstated


class AccountLetters:
    def __init__(self, links: LinkSigner, site: str) -> None:
        self._links = links
        self._site = site

    def link(self, event: Linked, person: Registered) -> Draft:
        """A link is only sent while it may still be followed."""
        match event:
            case EmailVerificationRequested():
                pending, purpose, page, address = person.verification, "verify_email", "verify-email", event.email
            case EmailChangeRequested():
                pending, purpose, page, address = person.email_change, "change_email", "confirm-email", event.email
            case PasswordResetRequested():
                pending, purpose, page, address = person.reset, "reset_password", "reset-password", None
        if pending != event.request_id:
            raise Skipped("superseded")
        return Draft(person.id, "link", {"link": self._page(page, purpose, person.id, event.request_id, event.at)}, address)

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

    def _page(self, page: str, purpose: str, user_id: UUID, request_id: UUID, at: datetime) -> str:
        return f"{self._site}/account/{page}?token={self._links.sign(purpose, user_id, request_id, at)}"


def veiled(address: str) -> str:
    """Enough of an address for its owner to know it, too little for whoever reads the old mailbox by now.

    >>> veiled("ana@example.org")
    'a…@example.org'
    """
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"
