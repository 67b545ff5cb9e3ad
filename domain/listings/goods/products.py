"""The categories of products, which are sold in pieces from stock: groceries, household goods, things for the home and gifts."""

from collections.abc import Sequence

from domain.listings.schema import Attribute, Category, category, choice, flags, measure, slugs, text

PRODUCT = "product"
WHOLESALE = "wholesale"

IN_VARIANTS = frozenset({PRODUCT, WHOLESALE})
"""The kinds of listing that are offered in variants, each with its article number, its price and its stock."""

ALLERGENS = slugs("Gluten, Crustaceans, Eggs, Fish, Peanuts, Soya, Milk, Nuts, Celery, Mustard, Sesame, Sulphites, Lupin, Molluscs")
"""The fourteen that Regulation (EU) 1169/2011, annex II, has every seller of food declare."""

LABELS = slugs("Organic, Fair trade, Vegan, Vegetarian, Gluten free, Lactose free, Sugar free, Halal, Kosher")

BRAND = text("brand", "Brand", facet=True)
ORIGIN = text("origin", "Origin")
COLOUR = text("colour", "Colour", facet=True)
MADE_OF = text("madeOf", "Made of")
LABELLED = flags("labels", "Labels", LABELS)

FOOD: Sequence[Attribute] = (
    BRAND,
    ORIGIN,
    LABELLED,
    flags("allergens", "Contains", ALLERGENS),
    choice("storage", "Storage", slugs("Ambient, Chilled, Frozen")),
)
DRINK: Sequence[Attribute] = (*FOOD, measure("alcohol", "Alcohol in per cent by volume", "", 0, 100, decimals=1))
HOUSEHOLD: Sequence[Attribute] = (BRAND, LABELLED)
HOME: Sequence[Attribute] = (BRAND, COLOUR, MADE_OF)


def products(slug: str, title: str, attributes: Sequence[Attribute], **below: str) -> Sequence[Category]:
    """A category with those directly below it, which declare the same; slugs are written with underscores here."""
    children = [category(each.replace("_", "-"), name, attributes, PRODUCT, slug) for each, name in below.items()]
    return [category(slug, title, attributes, PRODUCT), *children]


GROCERIES = products(
    "groceries",
    "Groceries",
    FOOD,
    fruit_vegetables="Fruit and vegetables",
    dairy_eggs="Milk, cheese and eggs",
    meat_fish="Meat, sausage and fish",
    bakery="Bread and pastry",
    pantry="Pantry",
    frozen_food="Frozen food",
    snacks_sweets="Snacks and sweets",
    baby_food="Baby food",
)

DRINKS = [
    category("drinks", "Drinks", DRINK, PRODUCT, "groceries"),
    category("soft-drinks", "Water, juice and soft drinks", DRINK, PRODUCT, "drinks"),
    category("coffee-tea", "Coffee, tea and cocoa", DRINK, PRODUCT, "drinks"),
    category("beer-wine-spirits", "Beer, wine and spirits", DRINK, PRODUCT, "drinks"),
]

HOUSEHOLD_GOODS = products(
    "household",
    "Household",
    HOUSEHOLD,
    cleaning_laundry="Cleaning and laundry",
    personal_care="Personal care",
    pet_supplies="Pets",
    newspapers_media="Newspapers and media",
)

HOME_AND_GIFTS = products(
    "home-gifts",
    "Home and gifts",
    HOME,
    decoration="Decoration",
    kitchen_dining="Kitchen and dining",
    candles_lighting="Candles and lighting",
    bags_luggage="Bags and luggage",
    stationery_cards="Stationery and cards",
    toys_games="Toys and games",
    jewellery="Jewellery and accessories",
    textiles="Textiles",
    garden="Garden and plants",
    seasonal="Seasonal",
)

PRODUCTS: Sequence[Category] = (*GROCERIES, *DRINKS, *HOUSEHOLD_GOODS, *HOME_AND_GIFTS)
