"""The categories of wholesale goods, which groups buy together from a supplier: from a least quantity on, at prices that fall with it."""

from collections.abc import Sequence

from domain.listings.goods.products import BRAND, COLOUR, MADE_OF, ORIGIN, WHOLESALE
from domain.listings.schema import Attribute, Category, category, choice, slugs, text, whole

MINIMUM, PACK, LEAD = "minimumQuantity", "packSize", "leadDays"

TERMS: Sequence[Attribute] = (
    whole(MINIMUM, "Least quantity in pieces", 1, 10**9, required=True),
    whole(PACK, "Pieces in a pack", 1, 10**6),
    whole(LEAD, "Days from order to dispatch", 0, 365),
    BRAND,
    ORIGIN,
)
STORED = (*TERMS, choice("storage", "Storage", slugs("Ambient, Chilled, Frozen")))
WORN = (*TERMS, COLOUR, MADE_OF)
BUILT = (*TERMS, MADE_OF)
WIRED = (*TERMS, text("model", "Model"))


def wholesale(slug: str, title: str, attributes: Sequence[Attribute], **below: str) -> Sequence[Category]:
    """A part of the trade with what is below it, which declares the same; slugs are written with underscores here."""
    children = [category(each.replace("_", "-"), name, attributes, WHOLESALE, slug) for each, name in below.items()]
    return [category(slug, title, attributes, WHOLESALE, "bulk"), *children]


BULK: Sequence[Category] = (
    category("bulk", "Wholesale", TERMS, WHOLESALE),
    *wholesale(
        "bulk-food",
        "Food staples in bulk",
        STORED,
        bulk_grains_flour="Maize, rice, grain and flour",
        bulk_oil_sugar_salt="Oil, sugar and salt",
        bulk_pulses="Beans and pulses",
        bulk_tinned_dried="Tinned and dried food",
        bulk_fresh_produce="Fruit, vegetables and meat",
    ),
    *wholesale(
        "bulk-drinks", "Drinks in bulk", STORED, bulk_soft_drinks="Water, juice and soft drinks", bulk_coffee_tea="Coffee, tea and cocoa"
    ),
    *wholesale(
        "bulk-household", "Household goods in bulk", TERMS, bulk_cleaning="Soap and cleaning", bulk_personal_care="Personal care in bulk"
    ),
    *wholesale(
        "bulk-hardware", "Building and hardware in bulk", BUILT, bulk_cement_roofing="Cement, bricks and roofing", bulk_tools="Tools"
    ),
    *wholesale("bulk-clothing", "Clothing in bulk", WORN, bulk_footwear="Footwear", bulk_fabric="Fabric and yarn"),
    *wholesale("bulk-farm-inputs", "Farm inputs", TERMS, bulk_seed_fertiliser="Seed and fertiliser", bulk_feed="Animal feed"),
    *wholesale("bulk-electronics", "Electronics in bulk", WIRED, bulk_phones="Phones and accessories", bulk_solar="Solar and batteries"),
)
