"""What a person wants to stand on his invoices, as he sees it himself."""

from uuid import UUID

from domain.invoices.events import BillingDetailsSet
from domain.values import Address, Erased, Value, clear
from projections.view import View


class BillingPage(Value, frozen=True):
    """What is empty is left out of invoices, or taken from the profile."""

    name: str = ""
    address: Address | None = None
    vat_number: str = ""
    registration: str = ""
    terms: str = ""
    timezone: str = "UTC"


def evolve(_billing: BillingPage | None, event: BillingDetailsSet) -> BillingPage:
    return BillingPage(
        clear(event.name),
        None if isinstance(event.address, Erased) else event.address,
        clear(event.vat_number),
        clear(event.registration),
        clear(event.terms),
        event.timezone,
    )


def user_of(event: BillingDetailsSet) -> UUID:
    return event.user_id


view = View("billing_details", BillingPage, key=user_of, evolve=evolve, events=(BillingDetailsSet,))
