"""Billing details: what a person wants to stand on the papers that he gives as a seller or gets as a buyer."""

import re
from datetime import UTC, date, datetime
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.countries import COUNTRIES
from domain.decider import Decider, Rejected
from domain.invoices.commands import SetBillingDetails
from domain.invoices.events import BillingDetailsSet
from domain.invoices.vat import vat_number
from domain.text import line, lines, said
from domain.values import Address, Erased, Role, Value

BILLING = UUID("3b8f6a04-94f5-5d0b-8f52-0a6f4be2c9d7")
PLATFORM = UUID("b9d2c7a0-5f3e-5e0b-8a51-2c6d0f9e7b34")
"""The platform itself, as the seller of tiers; an admin says what stands on its papers."""

NAME_LIMIT = 120
REGISTRATION_LIMIT = 60
TERMS_LIMIT = 600
MOST_LINES = 4
ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+\-/]{1,60}", re.ASCII)


class Billing(Value, frozen=True, tag=True):
    """Empty where nothing was said."""

    name: str | Erased = ""
    address: Address | Erased | None = None
    vat_number: str | Erased = ""
    registration: str | Erased = ""
    terms: str | Erased = ""
    timezone: str = "UTC"


def billing_id(user_id: UUID) -> UUID:
    return uuid5(BILLING, str(user_id))


def decide(command: SetBillingDetails, billing: Billing) -> list[BillingDetailsSet]:
    if command.by.id != command.user_id and not command.by.is_any(Role.ADMIN):
        raise Rejected("not_yours")
    address = None if command.address is None else postal(command.address)
    found = Billing(
        line(command.name, NAME_LIMIT, "/name"),
        address,
        vat_number(command.vat_number, address.country if address else ""),
        line(command.registration, REGISTRATION_LIMIT, "/registration"),
        lines(command.terms, TERMS_LIMIT, "/terms"),
        zone(command.timezone),
    )
    if found == billing:
        return []
    return [
        BillingDetailsSet(
            command.user_id,
            found.name,
            found.address,
            found.vat_number,
            found.registration,
            found.terms,
            found.timezone,
            command.now,
        )
    ]


def postal(address: Address) -> Address:
    """Where papers are sent; postal codes are not asked for, since a firm's seat may have none."""
    if address.country not in COUNTRIES:
        raise Rejected("address_invalid", "The country is an ISO 3166-1 alpha-2 code.", pointer="/address/country")
    if not 1 <= len(address.lines) <= MOST_LINES:
        raise Rejected("address_invalid", f"From 1 to {MOST_LINES} lines.", pointer="/address/lines")
    return Address(
        line(address.name, NAME_LIMIT, "/address/name"),
        tuple(
            line(said(each, NAME_LIMIT, f"/address/lines/{n}"), NAME_LIMIT, f"/address/lines/{n}") for n, each in enumerate(address.lines)
        ),
        line(said(address.locality, NAME_LIMIT, "/address/locality"), NAME_LIMIT, "/address/locality"),
        line(address.postal_code, 20, "/address/postalCode"),
        address.country,
        line(address.region, NAME_LIMIT, "/address/region"),
    )


def zone(name: str) -> str:
    try:
        if ZONE.fullmatch(name):
            return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    raise Rejected("timezone_unknown", "Time zones have the names of the IANA database, such as Europe/Zurich.", pointer="/timezone")


def day_of(moment: datetime, billing: Billing) -> date:
    """The day on the seller's clocks: by it papers are dated, and the year is counted in which their numbers begin anew."""
    try:
        return moment.astimezone(ZoneInfo(billing.timezone)).date()
    except ZoneInfoNotFoundError:  # a zone that the database no longer has
        return moment.astimezone(UTC).date()


def evolve(_billing: Billing, event: BillingDetailsSet) -> Billing:
    return Billing(event.name, event.address, event.vat_number, event.registration, event.terms, event.timezone)


billing_details = Decider("billing_details", Billing(), decide, evolve)
