"""A dairy in Zürich with milk on sale and mornings to bring it in; Cara has it brought, the service does what is due.

It works on any log: one in memory, or a real one.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID, uuid5

from application.commands.buying.quotes import Quotes
from application.commands.checkouts import CheckOut
from application.commands.recurring import StartRecurring, Wish
from application.effects.billing.subscriptions import ERRANDS
from application.effects.effect import by_event, jobs
from application.effects.job import Job
from application.effects.occurrences import FollowPayment, PlaceDay
from application.handler import Handler
from application.jobs.occurrences import OccurrenceJobs
from application.jobs.ports import Skipped
from application.ports import EventLog, Meta
from domain.deliveries.commands import DeclareZone
from domain.deliveries.windows import Area, Terms, Window
from domain.goods import TaxClass, Unit, Variant
from domain.listings import commands as c
from domain.recorded import Recorded
from domain.registry import DECIDERS
from domain.stock.commands import ReceiveStock
from domain.stock.stock import stock_id
from domain.subscriptions.events import WantedLine
from domain.users.commands import RegisterUser
from domain.values import SYSTEM, Actor, Address, Money, Role, Value

ANA = Actor(UUID("018f0000-0000-7000-8000-00000000a0a0"), frozenset({Role.CUSTOMER, Role.SELLER}))
CARA = Actor(UUID("018f0000-0000-7000-8000-00000000ca4a"), frozenset({Role.CUSTOMER}))
MILK = UUID("018f0000-0000-7000-8000-000000000111")
CREAM = UUID("018f0000-0000-7000-8000-000000000222")
ZONE = UUID("018f0000-0000-7000-8000-000000000200")
ORDER = UUID("018f0000-0000-7000-8000-0000000004ec")
HOME = Address("Cara", ("Seestrasse 1",), "Zürich", "8001", "CH")

FRIDAY_NOON = dt.datetime(2026, 6, 5, 12, tzinfo=dt.UTC)
WINDOWS = tuple(Window(weekday, "07:00", "09:00", 20_000, 9 * 60, 300) for weekday in range(1, 6))
TERMS = Terms("Zürich", "Europe/Zurich", "CHF", (Area("CH", ("80",)),), windows=WINDOWS)
"""Cut off nine hours before seven in the morning: an hour's margin makes that ten."""

EFFECTS = by_event(ERRANDS)


class Told(EventLog, Protocol):
    """A log that can be read as well."""

    def stream(self, stream: UUID, upto_version: int | None = None) -> Sequence[Recorded[Any]]: ...

    def event(self, stream: UUID, version: int) -> Recorded[Any]: ...


class Dairy:
    def __init__(self, log: Told) -> None:
        self.log = log
        self.now = FRIDAY_NOON
        self.handle = Handler(log, DECIDERS)
        self.check_out = CheckOut(self.handle, Quotes(self.handle))
        self.work = OccurrenceJobs(self.handle, self.check_out, log, lambda: self.now)
        self.start = StartRecurring(self.handle)

    def open(self, litres: int = 100) -> None:
        self.sell(MILK, "MILK-1L", litres)
        self.sell(CREAM, "CREAM", 1)
        self.deliver(ZONE)
        self.give(CARA.id, RegisterUser(CARA.id, "cara@example.org", "Cara", ORDER, self.now))

    def sell(self, listing: UUID, sku: str, litres: int) -> None:
        variant = Variant(sku, Money(180, "CHF"), "", {}, Unit.LITRE, 1, TaxClass.REDUCED)
        self.give(
            listing,
            c.DraftListing(listing, ANA.id, "product", "dairy-eggs", ANA, self.now, sku),
            c.OfferVariants(listing, (variant,), ANA, self.now),
            c.SubmitListing(listing, ANA, self.now),
            c.ApproveListing(listing, SYSTEM, self.now),
            c.PublishListing(listing, ANA, self.now),
        )
        self.receive(sku, litres)

    def deliver(self, zone: UUID) -> None:
        self.give(zone, DeclareZone(zone, TERMS, SYSTEM, self.now))

    def receive(self, sku: str, quantity: int) -> None:
        stock = stock_id(ANA.id, sku)
        self.give(stock, ReceiveStock(stock, ANA.id, sku, "main", quantity, ANA, self.now, str(self.now)))

    def order(self, id: UUID = ORDER, listing: UUID = MILK, quantity: int = 2, **wish: Any) -> None:
        """Every Monday and Wednesday morning from Monday the 8th of June on."""
        line = WantedLine(listing, "", quantity)
        asked: dict[str, Any] = {"zone_id": ZONE, "window": "07:00", **wish}
        wanted = Wish((line,), "FREQ=WEEKLY;BYDAY=MO,WE", dt.date(2026, 6, 8), HOME, "sandbox", "4242424242424242", **asked)
        self.start(id, wanted, CARA, self.now, meta(id, "start"))

    def give(self, stream: UUID, *commands: Value) -> None:
        self.handle.together([(stream, each) for each in commands], meta(stream, f"{self.now} {commands}"))

    def told(self, stream: UUID = ORDER) -> list[Value]:
        return [each.event for each in self.log.stream(stream)]

    def owed(self, stream: UUID = ORDER) -> list[Job]:
        """All jobs of recurring orders that the stream's events owe, whether due or not, in their order."""
        return [job for each in self.log.stream(stream) for job in jobs(each, EFFECTS.get(type(each.event), ()))]

    def do_what_is_due(self, stream: UUID = ORDER) -> list[str]:
        """Do every job of the stream whose time has come, as often as it takes; tells what was skipped, and why."""
        done: list[UUID] = []
        skipped: list[str] = []
        while pending := [job for job in self.owed(stream) if job.id not in done and (job.due_at is None or job.due_at <= self.now)]:
            done.append(pending[0].id)
            try:
                self.do(pending[0])
            except Skipped as reason:
                skipped.append(reason.reason)
        return skipped

    def do(self, job: Job) -> None:
        assert isinstance(job.work, PlaceDay | FollowPayment)
        self.work(job, job.work)


def meta(stream: UUID, what: str) -> Meta:
    id = uuid5(stream, what)
    return Meta(id, SYSTEM.id, id)
