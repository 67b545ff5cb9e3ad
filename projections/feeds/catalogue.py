"""All feeds there are."""

from collections.abc import Mapping, Sequence
from typing import Any

from projections.feeds.deliveries import deliveries
from projections.feeds.groups import groups
from projections.feeds.listings import listings
from projections.feeds.orders import orders
from projections.feeds.payments import payments
from projections.feeds.recurring import recurring_orders
from projections.feeds.stock import stock
from projections.feeds.users import users
from projections.view import Feed

ALL: Sequence[Feed[Any]] = (listings, users, groups, orders, recurring_orders, payments, deliveries, stock)

FEEDS: Mapping[str, Feed[Any]] = {each.feed: each for each in ALL}
"""By the name in the address."""
