"""What a listing may say: limits on texts, prices and places, the same for people and for imports.

Texts are kept as written, so markup in them stays text; whoever shows them escapes them.
"""

import re

from domain.currencies import EXPONENTS
from domain.decider import Rejected
from domain.text import line
from domain.values import Money, Place

TITLE_LIMIT = 160
DESCRIPTION_LIMIT = 20_000
MESSAGE_LIMIT = 5_000
REASON_LIMIT = 1_000
PLACE_NAME_LIMIT = 120
PRICE_LIMIT = 10**12
"""In minor units."""


def asked(price: Money) -> Money:
    """A price from 1 to `PRICE_LIMIT` minor units, else `price_invalid`."""
    if not 1 <= price.amount <= PRICE_LIMIT:
        raise Rejected("price_invalid", f"The amount must lie between 1 and {PRICE_LIMIT} minor units.", pointer="/price/amount")
    if price.currency not in EXPONENTS:
        raise Rejected("price_invalid", "The currency is an ISO 4217 code.", pointer="/price/currency")
    return price


def located(place: Place) -> Place:
    """A place with tidy names and coordinates on the globe, both or none; else `place_invalid`."""
    if not re.fullmatch("([A-Z]{2})?", place.country):
        raise Rejected("place_invalid", "The country is an ISO 3166-1 alpha-2 code.", pointer="/place/country")
    if (place.latitude is None) != (place.longitude is None):
        raise Rejected("place_invalid", "Latitude and longitude come together.", pointer="/place")
    if place.latitude is not None and not -90 <= place.latitude <= 90:
        raise Rejected("place_invalid", "Latitudes lie between -90 and 90 degrees.", pointer="/place/latitude")
    if place.longitude is not None and not -180 <= place.longitude <= 180:
        raise Rejected("place_invalid", "Longitudes lie between -180 and 180 degrees.", pointer="/place/longitude")
    return Place(
        place.country,
        line(place.region, PLACE_NAME_LIMIT, "/place/region"),
        line(place.locality, PLACE_NAME_LIMIT, "/place/locality"),
        place.latitude,
        place.longitude,
    )
