"""Who waits for a product, for the job that tells them: from the read model."""

from collections.abc import Sequence
from uuid import UUID

from application.jobs.tell_of_stock import Alert
from projections.notifications.stock_alerts import BY_KEY, view, waiting_for
from projections.ports import Documents

AT_ONCE = 200


class ReadAlerts:
    """`application.jobs.tell_of_stock.Alerts`."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def waiting(self, seller_id: UUID, sku: str, after: str | None) -> tuple[Sequence[Alert], str | None]:
        found = self._documents.page(view, waiting_for(seller_id, sku), limit=AT_ONCE, cursor=after, order=BY_KEY)
        return [Alert(each.columns["user_id"], each.columns["listing_id"]) for each in found.items], found.next
