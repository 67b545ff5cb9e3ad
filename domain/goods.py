"""Goods as they are sold: in variants, each with its article number, its measure, its tax class and its price by quantity."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from domain.values import Money, Value


class Unit(StrEnum):
    """What the content of one piece is measured in."""

    PIECE = "piece"
    GRAM = "g"
    KILOGRAM = "kg"
    MILLILITRE = "ml"
    LITRE = "l"
    PACK = "pack"


class TaxClass(StrEnum):
    """Which of a country's rates holds: food and books are often reduced, exports zero, insurance exempt."""

    STANDARD = "standard"
    REDUCED = "reduced"
    ZERO = "zero"
    EXEMPT = "exempt"


class Tier(Value, frozen=True):
    """From this quantity on each piece costs `price`, in minor units of the variant's currency."""

    quantity: int
    price: int


class Variant(Value, frozen=True):
    """One article that can be bought: `content` is how many units one piece holds, `options` tell it from the others («size»: «L»)."""

    sku: str
    price: Money
    title: str = ""
    options: Mapping[str, str] = {}
    unit: Unit = Unit.PIECE
    content: int = 1
    tax_class: TaxClass = TaxClass.STANDARD
    tiers: tuple[Tier, ...] = ()


def unit_price(variant: Variant, quantity: int) -> int:
    """What one piece costs where so many are bought, in minor units of the variant's currency."""
    reached = [tier.price for tier in variant.tiers if tier.quantity <= quantity]
    return reached[-1] if reached else variant.price.amount


def variant_of(variants: Sequence[Variant], sku: str) -> Variant | None:
    """The variant with this article number, in capitals or not."""
    return next((each for each in variants if each.sku.upper() == sku.upper()), None)
