"""What sellers do with their stock, and the staff with everyone's: receive, adjust, count, watch."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Meta

from domain.stock import commands as c
from domain.stock.events import AdjustmentReason
from domain.stock.stock import MAIN, MOST, NOTE_LIMIT, stock_id
from interfaces.http.answers import Accepted, Body
from interfaces.http.caller import signed_in
from interfaces.http.commands.steps import steps
from interfaces.http.dispatch import Dispatch
from interfaces.http.requests import Given

Seller = Annotated[UUID | None, QueryParameter(description="Whose stock; one's own where left out.")]
Location = Annotated[str, QueryParameter(pattern="^[a-z0-9][a-z0-9-]{0,39}$", description="Where it lies; orders are served from `main`.")]
Quantity = Annotated[int, Meta(ge=1, le=MOST, examples=[24])]
Note = Annotated[str, Meta(max_length=NOTE_LIMIT, examples=["Delivery note 4711"])]


class Receipt(Body, frozen=True):
    quantity: Quantity
    reference: Note = ""


class Adjustment(Body, frozen=True):
    """Below zero where something is gone: damaged, lost, stolen or expired; above it where something was found."""

    difference: Annotated[int, Meta(ge=-MOST, le=MOST, examples=[-2])]
    reason: AdjustmentReason
    note: Note = ""


class Counted(Body, frozen=True):
    """All that is on the shelf, what is reserved for orders included."""

    counted: Annotated[int, Meta(ge=0, le=MOST, examples=[22])]


class Watched(Body, frozen=True):
    """At how many available pieces to be told; null: never."""

    low_at: Annotated[int, Meta(ge=0, le=MOST, examples=[12])] | None


step = steps("/{sku:str}", "not_yours")


class StockCommands(Controller):
    path = "/v1/stock"
    tags = ("stock",)

    @step("receive", signed_in, "sku_invalid")
    def receive(
        self, sku: FromPath[str], data: JSONBody[Receipt], run: Given[Dispatch], seller: Seller = None, location: Location = MAIN
    ) -> Response[Accepted]:
        """Take goods in; the first receipt opens the stock of the article."""
        owner = seller or run.by.id
        id = stock_id(owner, sku, location)
        return run(id, c.ReceiveStock(id, owner, sku, location, data.quantity, run.by, run.now, data.reference))

    @step("adjust", signed_in, "stock_not_found", "stock_too_small", "stock_promised")
    def adjust(
        self, sku: FromPath[str], data: JSONBody[Adjustment], run: Given[Dispatch], seller: Seller = None, location: Location = MAIN
    ) -> Response[Accepted]:
        """Say why there is more or less than the books have. What is promised to orders cannot be taken away."""
        id = stock_id(seller or run.by.id, sku, location)
        return run(id, c.AdjustStock(id, data.difference, data.reason, run.by, run.now, data.note))

    @step("count", signed_in, "sku_invalid", "stock_promised")
    def count(
        self, sku: FromPath[str], data: JSONBody[Counted], run: Given[Dispatch], seller: Seller = None, location: Location = MAIN
    ) -> Response[Accepted]:
        """Say how many there are; the difference to the books is kept with it."""
        owner = seller or run.by.id
        id = stock_id(owner, sku, location)
        return run(id, c.CountStock(id, owner, sku, location, data.counted, run.by, run.now))

    @step("watch", signed_in, "sku_invalid")
    def watch(
        self, sku: FromPath[str], data: JSONBody[Watched], run: Given[Dispatch], seller: Seller = None, location: Location = MAIN
    ) -> Response[Accepted]:
        """Choose when to be told that little is left."""
        owner = seller or run.by.id
        id = stock_id(owner, sku, location)
        return run(id, c.WatchStock(id, owner, sku, location, data.low_at, run.by, run.now))
