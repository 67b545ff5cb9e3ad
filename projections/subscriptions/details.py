"""Where a recurring order goes and how it is paid, for its customer and the staff; the payment's token is shown to nobody."""

from uuid import UUID

from domain.subscriptions.events import StandingDetailsGiven
from domain.values import Address, Erased, Value, clear
from projections.view import View


class StandingDetailsPage(Value, frozen=True):
    """`address` is None and `contact` empty once the customer is forgotten."""

    recurring_id: UUID
    address: Address | None
    contact: str
    provider: str


def evolve(_page: StandingDetailsPage | None, event: StandingDetailsGiven) -> StandingDetailsPage:
    address = None if isinstance(event.address, Erased) else event.address
    return StandingDetailsPage(event.recurring_id, address, clear(event.contact), event.provider)


def order_of(event: StandingDetailsGiven) -> UUID:
    return event.recurring_id


view = View("standing_details", StandingDetailsPage, key=order_of, evolve=evolve, events=(StandingDetailsGiven,))
