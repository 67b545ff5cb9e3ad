"""The moderators' queue: what was submitted and awaits judgement, the longest wait first."""

from projections.sql import Order, Where

QUEUE = Where("submitted_at IS NOT NULL")
"""Over the listing pages."""

LONGEST_WAIT_FIRST = Order(("submitted_at",), descending=False)
