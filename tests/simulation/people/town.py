"""The small town in which it all happens: who lives there, and what is sold."""

from datetime import datetime
from uuid import UUID, uuid5

from application.handler import Handler
from application.ports import Meta
from domain.goods import Variant
from domain.listings import commands as listing
from domain.stock.commands import ReceiveStock
from domain.stock.stock import MAIN, stock_id
from domain.users.commands import RegisterUser
from domain.values import SYSTEM, Actor, Address, Money, Role, Value

TOWN = UUID("018f0000-0000-7000-8000-0000000051a1")
HOME = Address("Ana", ("Seestrasse 1",), "Stäfa", "8712", "CH")
ANA, BEN, CARA, SAM, MILL = (Actor(uuid5(TOWN, name), frozenset({Role.CUSTOMER})) for name in ("ana", "ben", "cara", "sam", "mill"))
MODERATOR = Actor(uuid5(TOWN, "mo"), frozenset({Role.MODERATOR}))
SKUS = ("MILK", "LOAF")
PRICE = Money(180, "CHF")
PICKUP = uuid5(TOWN, "market")


def thing(sku: str) -> UUID:
    return uuid5(TOWN, sku)


def settle_in(handle: Handler, now: datetime) -> None:
    """The town before anything goes wrong: people, and two things on sale with some of each in stock."""

    def give(stream: UUID, command: Value) -> None:
        handle(stream, command, Meta(uuid5(stream, f"{command}"), SYSTEM.id, stream))

    for number, each in enumerate((ANA, BEN, CARA, SAM, MILL)):
        give(each.id, RegisterUser(each.id, f"p{number}@example.org", f"P{number}", uuid5(each.id, "link"), now))
    for sku in SKUS:
        id = thing(sku)
        give(id, listing.DraftListing(id, SAM.id, "product", "pantry", SAM, now, sku.title()))
        give(id, listing.OfferVariants(id, (Variant(sku, PRICE),), SAM, now, {sku: 2}))
        give(id, listing.SubmitListing(id, SAM, now))
        give(id, listing.ApproveListing(id, MODERATOR, now))
        give(id, listing.PublishListing(id, SAM, now))
        stock = stock_id(SAM.id, sku)
        give(stock, ReceiveStock(stock, SAM.id, sku, MAIN, 12, SAM, now))
