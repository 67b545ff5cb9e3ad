"""A letter before it is put into words: to whom, and the facts it tells."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from application.jobs.ports import Attachment, Skipped
from domain.users.preferences import Notice
from domain.users.user import Registered, User
from domain.values import Erased, Value

Concern = Literal["account", "link", "trade", "order"]
"""What a letter is about. A `link` goes to people in good standing, `trade` only to proven addresses too; what concerns the
`account` or an `order` goes to everyone whose it is."""

LINK_LIKE = re.compile(r"://|www\.|\w\.\w{2,}", re.IGNORECASE)


class Draft(Value, frozen=True):
    """`address` is set where the letter does not go to the recipient's present address, `notice` where he may not want it.

    `guest` is the address of somebody who bought without being a user. `attached` goes with the letter.
    """

    recipient: UUID
    concern: Concern
    facts: Mapping[str, str] = {}
    address: str | Erased | None = None
    notice: Notice | None = None
    guest: str | Erased | None = None
    attached: tuple[Attachment, ...] = ()


def recipient(person: User, draft: Draft) -> tuple[str, str]:
    """Address and name to write to. Raises `Skipped` where the person is gone or suspended, or does not want it."""
    if draft.guest is not None:
        return proven_by_buying(draft.guest), ""
    if not isinstance(person, Registered) or person.kind == "service":
        raise Skipped("no_person")
    address = person.email if draft.address is None else draft.address
    if isinstance(address, Erased) or not address:
        raise Skipped("person_erased" if isinstance(address, Erased) else "no_address")
    if draft.concern in {"link", "trade"} and person.suspended:
        raise Skipped("person_suspended")
    if draft.concern == "trade" and not person.verified:
        raise Skipped("address_unproven")
    if draft.notice is not None and not person.preferences.wants(draft.notice, "email"):
        raise Skipped("unwanted")
    return address, greeting(person.name)


def proven_by_buying(address: str | Erased) -> str:
    if isinstance(address, Erased) or not address:
        raise Skipped("person_erased")
    return address


def number(person: User, draft: Draft) -> str:
    """The number to text to. Raises `Skipped` where there is none, or texts of this kind were not asked for.

    What everybody is told is texted only to those who have no mail.
    """
    if not isinstance(person, Registered) or person.kind == "service":
        raise Skipped("no_person")
    if not (wants_text(person, draft.notice) if draft.notice else not person.email):
        raise Skipped("unwanted")
    if isinstance(person.phone, Erased):
        raise Skipped("person_erased")
    if not person.phone:
        raise Skipped("no_number")
    return person.phone


def wants_text(person: Registered, notice: Notice) -> bool:
    """Who has no mail is texted what would have been mailed."""
    return person.preferences.wants(notice, "sms") or (not person.email and person.preferences.wants(notice, "email"))


def greeting(name: str | Erased) -> str:
    """A name to address somebody by, empty where it could pass for a link.

    Anyone may register a stranger's address under any name: what he writes there must not become a spam mail of ours.
    """
    if isinstance(name, Erased) or LINK_LIKE.search(name):
        return ""
    line = " ".join(name.split())
    return line if len(line) <= 60 else ""


def known(text: str | Erased) -> str:
    """A person's words; without them there is no letter."""
    if isinstance(text, Erased):
        raise Skipped("words_erased")
    return text


def moment(at: datetime) -> str:
    return f"{at.day} {at:%B %Y, %H:%M} UTC"
