"""Brings articles: what is new becomes a product, a variant or a stock, what is known is brought up to date, and nothing else moves."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from application.commands.listings import articles
from application.handler import Handler
from application.imports.ports import Reported
from application.imports.rows import Article, Refused, Row
from application.imports.run import Run
from application.rows import KeepReport, Reserve
from domain.decider import Rejected
from domain.listings import commands as c
from domain.listings.categories import CATEGORIES
from domain.listings.events import Status
from domain.listings.listing import Undrafted, Written, listings
from domain.stock.commands import CountStock
from domain.stock.stock import MAIN, Stocked, stock_id, stocks
from domain.subscriptions.tiers.commands import TakePlace
from domain.subscriptions.tiers.places import places_id
from domain.values import Value

ARTICLES = "sku"
"""The space in which article numbers are reserved."""

ATTEMPTS = 5
"""How often a batch is planned anew where others change the same products meanwhile."""


class Trial:
    """Decides commands on states that were read before, to know which of them do something; the append decides them again."""

    def __init__(self, handle: Handler, states: Mapping[UUID, object]) -> None:
        self.handle = handle
        self.states = dict(states)
        self.given: list[tuple[UUID, Value]] = []

    def give(self, stream: UUID, command: Value) -> bool:
        """Whether the command does something; only then it is to be given."""
        decider = self.handle.deciders[type(command)]
        state = self.states.get(stream, decider.initial)
        events = decider.decide(command, state)
        if events:
            self.states[stream] = decider.fold(events, state)
            self.given.append((stream, command))
        return bool(events)

    def listing(self, stream: UUID) -> Written | None:
        state = self.states.get(stream)
        return state if isinstance(state, Written) else None


class Plan(Struct):
    """A batch, decided on what is known at this moment; `held` are products by the article numbers they hold, `new` those to come."""

    trial: Trial
    held: dict[bytes, UUID]
    new: dict[bytes, UUID]
    drafted: set[UUID]
    reports: list[Reported]


class Assortment(Run):
    """Rows of one product follow each other and come in one batch, however many they are, for they are reviewed together."""

    _ahead: Row | None = None

    def batch(self, rows: Iterator[Row]) -> Sequence[Row]:
        ahead, self._ahead = self._ahead, None
        found = [*([] if ahead is None else [ahead]), *super().batch(rows)]
        while found and (following := next(rows, None)) is not None:
            if product_of(following) != product_of(found[-1]):
                self._ahead = following
                break
            found.append(following)
        return found

    def bring(self, rows: Sequence[Row]) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            plan = self.plan(rows)
            report = KeepReport(self.asked.import_id, msgspec.json.encode(plan.reports))
            reserved = [Reserve(ARTICLES, key, product) for key, product in plan.new.items()]
            try:
                if plan.trial.given:
                    self.handle.together(plan.trial.given, self.meta(), rows=[*reserved, report])
            except Rejected:
                if attempt == ATTEMPTS:
                    raise
                continue  # somebody changed one of the products, or took an article number, since the plan was made
            self.book.report(self.asked.import_id, plan.reports)  # of what the append did not report: where nothing was to be done
            return

    def plan(self, rows: Sequence[Row]) -> Plan:
        told = [row for row in rows if isinstance(row, Article)]
        held = dict(self.book.articles([self.key(sku) for row in told for sku in {row.variant.sku, row.product}]))
        counted = {self.stock(row) for row in told if row.stock is not None}
        wanted = [*((product, listings) for product in set(held.values())), *((stock, stocks) for stock in counted)]
        plan = Plan(Trial(self.handle, self.handle.states(wanted) if wanted else {}), held, {}, set(), [])
        for product, group in groupby(rows, product_of):
            if product is None:
                plan.reports += [
                    Reported(row.row, row.line, "refused", code=row.code, detail=row.detail) for row in group if isinstance(row, Refused)
                ]
            else:
                self.tell([row for row in group if isinstance(row, Article)], plan)
        self.review(plan)
        return plan

    def tell(self, rows: Sequence[Article], plan: Plan) -> None:
        """Rows of one product: each is tried with those before it, and all that pass are brought by one command."""
        fine: list[Article] = []
        product = plan.held.get(self.key(rows[0].product))
        for row in rows:
            try:
                found = self.product(row, product, plan)
                self.change([*fine, row], found, Trial(self.handle, plan.trial.states))
            except Rejected as refused:
                plan.reports.append(Reported(row.row, row.line, "refused", None, refused.code, refused.detail))
                continue
            product = found
            fine.append(row)
            plan.reports.append(self.reported(row, product, plan))
            key = self.key(row.variant.sku)
            if key not in plan.held:
                plan.held[key] = plan.new[key] = product
        if product is not None and fine:
            if plan.trial.listing(product) is None:
                plan.drafted.add(product)
            self.change(fine, product, plan.trial)

    def product(self, row: Article, known: UUID | None, plan: Plan) -> UUID:
        """The listing that the row's article belongs to; a new one where the row leads a product that nobody knows."""
        if known is None and not row.leads:
            raise Rejected("product_unknown", f"No product has the article {row.product[:64]!r}.")
        if known is not None and plan.held.get(self.key(row.variant.sku), known) != known:
            raise Rejected("sku_taken", "The article belongs to another product.")
        return known or self.ids()

    def reported(self, row: Article, product: UUID, plan: Plan) -> Reported:
        alone = Trial(self.handle, plan.trial.states)
        self.change([row], product, alone)
        if not alone.given:
            return Reported(row.row, row.line, "known", product)
        return Reported(row.row, row.line, "repaired" if row.repairs else "accepted", product, repairs=row.repairs)

    def change(self, rows: Sequence[Article], product: UUID, trial: Trial) -> None:
        """Bring the product and its stock to what the rows say."""
        seller, now = self.seller, self.clock()
        lead = next((row for row in rows if row.leads), None)
        if trial.listing(product) is None:
            first = lead or rows[0]
            content = (first.title, first.description or "", first.attributes or {})
            trial.states[product] = Undrafted()
            trial.give(product, c.DraftListing(product, seller.id, CATEGORIES[first.category].kind, first.category, self.by, now, *content))
        low = {row.variant.sku: row.low_at for row in rows if row.low_at is not None}
        content = said(lead) if lead else {}
        trial.give(product, c.BringProduct(product, [row.variant for row in rows], seller, now, low, **content))
        for row in rows:
            stock = self.stock(row)
            shelf = trial.states.get(stock)
            if row.stock is not None and (shelf.on_hand if isinstance(shelf, Stocked) else None) != row.stock:
                trial.give(stock, CountStock(stock, seller.id, row.variant.sku, MAIN, row.stock, seller, now))

    def review(self, plan: Plan) -> None:
        """What is new is submitted, and with what changed in a way that is reviewed it is let through where the admin said so."""
        touched = dict.fromkeys(stream for stream, _ in plan.trial.given if plan.trial.listing(stream))
        now = self.clock()
        for product in touched:
            if product in plan.drafted:
                plan.trial.give(product, c.SubmitListing(product, self.seller, now))
            listing = plan.trial.listing(product)
            if self.asked.publish and listing and listing.status is Status.SUBMITTED:
                plan.trial.give(product, c.ApproveListing(product, self.by, now))
                plan.trial.give(product, c.PublishListing(product, self.seller, now))
                # What an admin brings needs no room, but takes it.
                plan.trial.give(places_id(self.seller.id), TakePlace(self.seller.id, product, None, now))

    def stock(self, row: Article) -> UUID:
        return stock_id(self.seller.id, row.variant.sku)

    def key(self, sku: str) -> bytes:
        return articles(self.seller.id, [sku])[0]


def product_of(row: Row) -> str | None:
    return row.product.upper() if isinstance(row, Article) else None


def unread(row: Refused) -> Reported:
    return Reported(row.row, row.line, "refused", code=row.code, detail=row.detail)


def said(lead: Article) -> dict[str, Any]:
    told = {"category": lead.category, "title": lead.title, "description": lead.description, "attributes": lead.attributes}
    return {name: value for name, value in told.items() if value is not None}
