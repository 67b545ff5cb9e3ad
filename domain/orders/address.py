"""Where an order may be sent: an address that somebody can find."""

from domain.countries import COUNTRIES, POSTAL_CODES
from domain.decider import Rejected
from domain.text import line, said
from domain.values import Address

PART_LIMIT = 120
MOST_LINES = 4


def deliverable(address: Address, pointer: str = "/address") -> Address:
    """The address tidied; `address_invalid` or `text_invalid` with a pointer where it lacks something or is no address of its country."""
    if address.country not in COUNTRIES:
        raise Rejected("address_invalid", "The country is an ISO 3166-1 alpha-2 code.", pointer=f"{pointer}/country")
    postal_code = line(address.postal_code, 20, f"{pointer}/postalCode").upper()
    form = POSTAL_CODES.get(address.country)
    if form is not None and not form.fullmatch(postal_code):
        raise Rejected("address_invalid", f"No postal code of {address.country}.", pointer=f"{pointer}/postalCode")
    written = [line(each, PART_LIMIT, f"{pointer}/lines/{index}") for index, each in enumerate(address.lines)]
    street = tuple(each for each in written if each)
    if not 1 <= len(street) <= MOST_LINES:
        raise Rejected("address_invalid", f"From 1 to {MOST_LINES} lines.", pointer=f"{pointer}/lines")
    return Address(
        line(said(address.name, PART_LIMIT, f"{pointer}/name"), PART_LIMIT, f"{pointer}/name"),
        street,
        line(said(address.locality, PART_LIMIT, f"{pointer}/locality"), PART_LIMIT, f"{pointer}/locality"),
        postal_code,
        address.country,
        line(address.region, PART_LIMIT, f"{pointer}/region"),
    )
