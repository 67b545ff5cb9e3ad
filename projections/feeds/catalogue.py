"""All feeds there are."""

from collections.abc import Mapping
from typing import Any

from projections.feeds.groups import groups
from projections.feeds.listings import listings
from projections.feeds.users import users
from projections.view import Feed

FEEDS: Mapping[str, Feed[Any]] = {each.feed: each for each in (listings, users, groups)}
"""By the name in the address."""
