"""Every read model there is."""

from projections.feeds.catalogue import FEEDS
from projections.listings import counts, favourites, imports, index, inquiries, page
from projections.subscriptions import details, occurrences, recurring
from projections.stock import levels, movements
from projections.users import api_keys, profile, roles
from projections.view import Projection

PROJECTIONS: tuple[Projection, ...] = (
    profile.view,
    api_keys.view,
    roles.count,
    page.view,
    favourites.view,
    inquiries.view,
    imports.view,
    counts.count,
    counts.by_category,
    index.index,
    levels.view,
    movements.journal,
    recurring.view,
    occurrences.view,
    details.view,
    *FEEDS.values(),
)
