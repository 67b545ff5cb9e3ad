"""What changes listings, and what people do about them."""

from interfaces.http.commands.listings.favourites import FavouriteCommands
from interfaces.http.commands.listings.imports import ImportCommands
from interfaces.http.commands.listings.inquiries import InquiryCommands
from interfaces.http.commands.listings.listings import ListingCommands
from interfaces.http.commands.listings.products import ProductCommands
from interfaces.http.commands.listings.variants import VariantCommands

CONTROLLERS = (
    ListingCommands,
    ProductCommands,
    VariantCommands,
    FavouriteCommands,
    InquiryCommands,
    ImportCommands,
)
