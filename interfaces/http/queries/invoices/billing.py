"""What stands on one's invoices."""

from typing import Any

from litestar import Controller, Response

from interfaces.http.answers import document
from interfaces.http.caller import Caller, signed_in
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
        found = documents.one(view, caller.id)
        if found is None:
            return Response(BillingPage(), headers={"ETag": '"0"'})
        answer: Any = document(found)
        return answer
