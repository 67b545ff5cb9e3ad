"""What is asked of listings."""

from interfaces.http.queries.listings.favourites import FavouriteQueries
from interfaces.http.queries.listings.imports import ImportQueries
from interfaces.http.queries.listings.inquiries import InquiryQueries
from interfaces.http.queries.listings.listings import CategoryQueries, ListingQueries, OwnListingQueries
from interfaces.http.queries.listings.moderation import ModerationQueries
from interfaces.http.queries.listings.products import ProductQueries
from interfaces.http.queries.listings.search import SearchQueries

CONTROLLERS = (
    CategoryQueries,
    ListingQueries,
    ProductQueries,
    OwnListingQueries,
    ModerationQueries,
    FavouriteQueries,
    InquiryQueries,
    SearchQueries,
    ImportQueries,
)
