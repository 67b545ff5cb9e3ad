"""Every read model there is."""

from projections.feeds.catalogue import FEEDS
from projections.listings import counts, favourites, imports, index, inquiries, page
from projections.view import Projection

PROJECTIONS: tuple[Projection, ...] = (
    page.view,
    favourites.view,
    inquiries.view,
    imports.view,
    counts.count,
    index.index,
    *FEEDS.values(),
)
