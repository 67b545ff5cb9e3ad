"""Discount codes with their terms and how often they are in use, for those who declare them."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from domain.orders.codes.events import (
    CodeDeclared,
    CodeEvent,
    CodeGivenBack,
    CodeTerms,
    CodeUsed,
    CodeWithdrawn,
)
from domain.values import Value
from projections.sql import Order
from projections.view import View


class DiscountCode(Value, frozen=True):
    id: UUID
    code: str
    terms: CodeTerms
    withdrawn: bool
    uses: int
    declared_at: datetime


def evolve(code: DiscountCode | None, event: CodeEvent) -> DiscountCode | None:
    match event, code:
        case CodeDeclared(id, name, terms, at=at), _:
            return DiscountCode(id, name, terms, withdrawn=False, uses=code.uses if code else 0, declared_at=at)
        case CodeWithdrawn(), DiscountCode():
            return replace(code, withdrawn=True)
        case ((CodeUsed() | CodeGivenBack()), DiscountCode()):
            return replace(code, uses=event.uses)
        case _:
            return code


def code_of(event: CodeEvent) -> UUID:
    return event.code_id


view = View(
    "discount_codes",
    DiscountCode,
    key=code_of,
    evolve=evolve,
    events=(CodeDeclared, CodeWithdrawn, CodeUsed, CodeGivenBack),
    columns={"withdrawn": "boolean", "declared_at": "timestamptz"},
    indexes=("declared_at DESC, key DESC",),
)

NEWEST_FIRST = Order(("declared_at",))
