"""Everything that only asks: GET, answered from read models."""

from interfaces.http.queries.api_keys import ApiKeyQueries
from interfaces.http.queries.audit import AuditQueries
from interfaces.http.queries.favourites import FavouriteQueries
from interfaces.http.queries.feeds import FeedQueries
from interfaces.http.queries.imports import ImportQueries
from interfaces.http.queries.inquiries import InquiryQueries
from interfaces.http.queries.listings import CategoryQueries, ListingQueries, OwnListingQueries
from interfaces.http.queries.me import MeQueries
from interfaces.http.queries.moderation import ModerationQueries
from interfaces.http.queries.search import SearchQueries
from interfaces.http.queries.users import UserQueries

CONTROLLERS = (
    MeQueries,
    UserQueries,
    ApiKeyQueries,
    CategoryQueries,
    ListingQueries,
    OwnListingQueries,
    ModerationQueries,
    FavouriteQueries,
    InquiryQueries,
    SearchQueries,
    ImportQueries,
    FeedQueries,
    AuditQueries,
)
