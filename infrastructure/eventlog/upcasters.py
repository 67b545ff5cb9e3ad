"""How events of older schema versions become those of today: one step from each version to the next."""

from infrastructure.eventlog.mapper import Upcasters

UPCASTERS: Upcasters = {}
"""By stable name and the version lifted from, as in `("listings.ListingPriced", 1): with_currency`.

A step is given the stored JSON object, personal fields still encrypted, and returns that of the next version; the event's class then says
`schema: ClassVar[int] = 2`. A field added with a default needs neither.
"""
