"""Standing details: where a recurring order goes and how it is paid, beside its own stream because they are personal."""

from uuid import UUID, uuid5

from domain.decider import Decider, Rejected
from domain.subscriptions.commands import GiveStandingDetails
from domain.subscriptions.events import StandingDetailsGiven
from domain.values import Address, Erased, Value

DETAILS = UUID("9c0b1d51-5a0c-5d7b-8f6e-0b7a4e9f2c31")
"""The namespace of the streams' ids."""


def details_id(recurring_id: UUID) -> UUID:
    return uuid5(DETAILS, str(recurring_id))


class Ungiven(Value, frozen=True, tag=True):
    pass


class Given(Value, frozen=True, tag=True):
    recurring_id: UUID
    customer_id: UUID
    address: Address | Erased
    contact: str | Erased
    provider: str
    method: str | Erased


StandingDetails = Ungiven | Given


def decide(command: GiveStandingDetails, details: StandingDetails) -> list[StandingDetailsGiven]:
    match details:
        case Given(customer_id=customer) if customer != command.by.id:
            raise Rejected("not_yours")
        case Ungiven() if command.customer_id != command.by.id:
            raise Rejected("not_yours")
        case _:
            pass
    given = StandingDetailsGiven(
        command.recurring_id,
        command.customer_id,
        command.address,
        command.contact,
        command.provider,
        command.method,
        command.now,
    )
    return [] if evolve(details, given) == details else [given]


def evolve(_details: StandingDetails, event: StandingDetailsGiven) -> StandingDetails:
    return Given(event.recurring_id, event.customer_id, event.address, event.contact, event.provider, event.method)


standing_details = Decider("standing_details", Ungiven(), decide, evolve)
