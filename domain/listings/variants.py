"""The variants of a product: what they may say, and how they compare."""

import re
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from domain.decider import Rejected
from domain.goods import TaxClass, Tier, Variant
from domain.listings.content import TITLE_LIMIT, asked
from domain.text import said
from domain.values import Money

MOST = 100
"""Variants of one product."""

TIERS = 10
OPTIONS = 5
OPTION_LIMIT = 60
CONTENT_LIMIT = 10**6
LOW_LIMIT = 10**9

SKU = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)


def checked(variants: Sequence[Variant]) -> tuple[Variant, ...]:
    """The variants as they are kept, with tidy texts.

    Rejects with `variants_invalid`, `sku_invalid`, `sku_repeated`, `price_invalid`, `currency_mixed`, `tier_invalid` or
    `text_invalid`, and a pointer into `/variants`.
    """
    if not 1 <= len(variants) <= MOST:
        raise Rejected("variants_invalid", f"A product has from 1 to {MOST} variants.", pointer="/variants")
    kept = tuple(_checked(each, f"/variants/{number}") for number, each in enumerate(variants))
    seen: set[str] = set()
    for number, each in enumerate(kept):
        if each.sku.upper() in seen:
            raise Rejected("sku_repeated", "Each variant has an article number of its own.", pointer=f"/variants/{number}/sku")
        if each.price.currency != kept[0].price.currency:
            raise Rejected("currency_mixed", "All variants are priced in one currency.", pointer=f"/variants/{number}/price/currency")
        seen.add(each.sku.upper())
    return kept


def _checked(variant: Variant, pointer: str) -> Variant:
    if not SKU.fullmatch(variant.sku):
        raise Rejected("sku_invalid", "Letters, digits, points, underscores and hyphens, at most 64.", pointer=f"{pointer}/sku")
    if not 1 <= variant.content <= CONTENT_LIMIT:
        raise Rejected("variants_invalid", f"The content lies between 1 and {CONTENT_LIMIT}.", pointer=f"{pointer}/content")
    if len(variant.options) > OPTIONS:
        raise Rejected("variants_invalid", f"At most {OPTIONS} options.", pointer=f"{pointer}/options")
    try:
        price = asked(variant.price)
    except Rejected as refused:
        raise Rejected(refused.code, refused.detail, pointer=pointer + (refused.pointer or "")) from None
    options = {
        said(name, OPTION_LIMIT, f"{pointer}/options"): said(value, OPTION_LIMIT, f"{pointer}/options")
        for name, value in variant.options.items()
    }
    title = said(variant.title, TITLE_LIMIT, f"{pointer}/title") if variant.title.strip() else ""
    return replace(variant, price=price, title=title, options=options, tiers=_tiers(variant, f"{pointer}/tiers"))


def _tiers(variant: Variant, pointer: str) -> tuple[Tier, ...]:
    """Ever larger quantities at ever lower prices."""
    if len(variant.tiers) > TIERS:
        raise Rejected("tier_invalid", f"At most {TIERS}.", pointer=pointer)
    before = Tier(1, variant.price.amount)
    for number, tier in enumerate(variant.tiers):
        if tier.quantity <= before.quantity or tier.quantity > LOW_LIMIT:
            raise Rejected("tier_invalid", "Each begins at a larger quantity than the one before.", pointer=f"{pointer}/{number}/quantity")
        if not 1 <= tier.price < before.price:
            raise Rejected("tier_invalid", "Each costs less than the one before.", pointer=f"{pointer}/{number}/price")
        before = tier
    return tuple(variant.tiers)


def merged(known: Sequence[Variant], told: Sequence[Variant]) -> list[Variant]:
    """Those told in the place of those with their article numbers, the new ones behind."""
    newest = {each.sku.upper(): each for each in told}
    kept = [newest.pop(each.sku.upper(), each) for each in known]
    return [*kept, *newest.values()]


def watched(low: Mapping[str, int], variants: Sequence[Variant]) -> dict[str, int]:
    """At how many pieces the seller is told that a variant runs low, by article number as the variant has it."""
    wanted = {sku.upper(): level for sku, level in low.items()}
    for number, each in enumerate(variants):
        if not 0 <= wanted.get(each.sku.upper(), 0) <= LOW_LIMIT:
            raise Rejected("quantity_invalid", f"From 0 to {LOW_LIMIT}.", pointer=f"/variants/{number}/lowAt")
    return {each.sku: wanted[each.sku.upper()] for each in variants if each.sku.upper() in wanted}


def lowest(variants: Sequence[Variant]) -> Money:
    """What a product costs at least, one piece bought."""
    return min((each.price for each in variants), key=lambda price: price.amount)


def worded(variants: Sequence[Variant]) -> list[Variant]:
    """What a moderator judges of the variants: all but prices and taxes."""
    return [replace(each, price=Money(0, ""), tiers=(), tax_class=TaxClass.STANDARD) for each in variants]
