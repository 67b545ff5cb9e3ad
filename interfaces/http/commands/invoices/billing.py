"""Setting what stands on one's invoices, and for admins on the platform's."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.params import JSONBody
from msgspec import Meta

from domain.invoices.billing import NAME_LIMIT, PLATFORM, REGISTRATION_LIMIT, TERMS_LIMIT, billing_id
from domain.invoices.commands import SetBillingDetails
from domain.invoices.vat import LIMIT as VAT_LIMIT
from domain.values import Actor, Role
from interfaces.http.answers import Accepted, Body
from interfaces.http.caller import requires, signed_in
from interfaces.http.commands.users.bodies import PostalAddress
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import put


class BillingDetails(Body, frozen=True):
    """What is left out is empty: it is not on the paper, or is taken from the profile.

    `timezone` is the one whose days a seller's invoices are dated by, and whose years their numbers begin anew with.
    """

    name: Annotated[str, Meta(max_length=NAME_LIMIT, examples=["Sousa & Filhos, Lda."])] = ""
    address: PostalAddress | None = None
    vat_number: Annotated[str, Meta(max_length=VAT_LIMIT, examples=["PT501964843"])] = ""
    registration: Annotated[str, Meta(max_length=REGISTRATION_LIMIT, examples=["C.R.C. Porto 501964843"])] = ""
    terms: Annotated[str, Meta(max_length=TERMS_LIMIT, examples=["Goods may be returned within 14 days."])] = ""
    timezone: Annotated[str, Meta(max_length=64, examples=["Europe/Lisbon"])] = "UTC"

    def command(self, user_id: UUID, by: Actor, now: datetime) -> SetBillingDetails:
        address = self.address.value() if self.address else None
        return SetBillingDetails(user_id, by, now, self.name, address, self.vat_number, self.registration, self.terms, self.timezone)


class BillingCommands(Controller):
    path = "/v1/me/billing-details"
    tags = ("me",)

    @put("/", guards=[signed_in], sync_to_thread=True, responses=problems("not_yours"))
    def set(self, data: JSONBody[BillingDetails], run: Given[Dispatch]) -> Response[Accepted]:
        """Say what is to stand on one's invoices, as seller and as buyer, all at once; invoices that are there stay as they are.

        422 `vat_number_invalid` for a number of another form than those of the address's country, `address_invalid`, `timezone_unknown`.
        """
        return run(billing_id(run.by.id), data.command(run.by.id, run.by, run.now))


class PlatformBillingCommands(Controller):
    path = "/v1/platform/billing-details"
    tags = ("invoices",)

    @put("/", guards=[requires(Role.ADMIN)], sync_to_thread=True, responses=problems("not_yours"))
    def set(self, data: JSONBody[BillingDetails], run: Given[Dispatch]) -> Response[Accepted]:
        """Say what stands on the platform's own invoices, those for tiers: all at once, and from the next one on.

        Its country tells the tax: without an address there is none. 422 as for one's own.
        """
        return run(billing_id(PLATFORM), data.command(PLATFORM, run.by, run.now))
