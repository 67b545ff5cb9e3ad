"""What stands on one's invoices, and on the platform's."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response

from domain.invoices.billing import PLATFORM
from domain.values import Role
from interfaces.http.answers import document
from interfaces.http.caller import Caller, requires, signed_in
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.invoices.billing import BillingPage, view
from projections.ports import Documents


class BillingQueries(Controller):
    path = "/v1/me/billing-details"
    tags = ("me",)

    @get("/", guards=[signed_in], sync_to_thread=True, opt={"projection": view.name})
    def own(self, caller: Given[Caller], documents: Given[Documents]) -> Response[BillingPage]:
        """What stands on one's invoices, as seller and as buyer."""
        return said_by(caller.id, documents)


class PlatformBillingQueries(Controller):
    path = "/v1/platform/billing-details"
    tags = ("invoices",)

    @get("/", guards=[requires(Role.ADMIN, Role.AUDITOR)], sync_to_thread=True, opt={"projection": view.name})
    def platform(self, documents: Given[Documents]) -> Response[BillingPage]:
        """What stands on the platform's own invoices, those for tiers."""
        return said_by(PLATFORM, documents)


def said_by(user_id: UUID, documents: Documents) -> Response[BillingPage]:
    found = documents.one(view, user_id)
    if found is None:
        return Response(BillingPage(), headers={"ETag": '"0"'})
    answer: Any = document(found)
    return answer
