"""Everything that changes something: POST, PUT, PATCH, DELETE."""

from interfaces.http.commands.favourites import FavouriteCommands
from interfaces.http.commands.imports import ImportCommands
from interfaces.http.commands.inquiries import InquiryCommands
from interfaces.http.commands.listings import ListingCommands

CONTROLLERS = (
    ListingCommands,
    FavouriteCommands,
    InquiryCommands,
    ImportCommands,
)
