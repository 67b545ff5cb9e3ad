"""How a supplier does: what groups may know before they buy of it."""

from uuid import UUID

from litestar import Controller
from litestar.params import FromPath

from domain.values import Value
from interfaces.http.caller import Caller, anyone
from interfaces.http.errors import problems
from interfaces.http.queries.suppliers.suppliers import wanted
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.ports import Documents, Journals
from projections.sql import equals
from projections.suppliers.dealings import COUNTS, OVERALL, journal
from projections.suppliers.file import visible_to


class SupplierMetrics(Value, frozen=True):
    """`rating` is the mean of one to five stars, null as long as nobody has rated it; `pieces` are those sent, `faulty` complained of.

    Of quotes asked for, those neither answered nor `unanswered` wait; of shipments `due`, those neither `shipped` nor `missed` do.
    """

    id: UUID
    asked: int
    answered: int
    answered_in_time: int
    refused: int
    unanswered: int
    due: int
    shipped: int
    punctual: int
    missed: int
    pieces: int
    issues: int
    faulty: int
    ratings: int
    rating: float | None


class MetricsQueries(Controller):
    path = "/v1/suppliers/{supplier_id:uuid}/metrics"
    tags = ("suppliers",)

    @get("/", guards=[anyone], sync_to_thread=True, opt={"projection": journal.name}, responses=problems("supplier_not_found"))
    def metrics(
        self, supplier_id: FromPath[UUID], caller: Given[Caller], documents: Given[Documents], journals: Given[Journals]
    ) -> SupplierMetrics:
        """A supplier's figures since it began: quotes, goods sent, complaints and stars; 404 for those that the caller may not see."""
        wanted(documents, supplier_id, visible_to(caller.actor))
        found = journals.totals(journal, OVERALL, equals("supplier_id", supplier_id), limit=1).items
        of = dict(found[0].of) if found else dict.fromkeys(COUNTS, 0)
        stars = of.pop("stars")
        return SupplierMetrics(supplier_id, **of, rating=round(stars / of["ratings"], 2) if of["ratings"] else None)
