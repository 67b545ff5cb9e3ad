"""Everything that changes something: POST, PUT, PATCH, DELETE."""

from interfaces.http.commands.api_keys import ApiKeyCommands
from interfaces.http.commands.favourites import FavouriteCommands
from interfaces.http.commands.imports import ImportCommands
from interfaces.http.commands.inquiries import InquiryCommands
from interfaces.http.commands.listings import ListingCommands
from interfaces.http.commands.mailed_links import EmailVerificationCommands, PasswordResetCommands
from interfaces.http.commands.me import MeCommands
from interfaces.http.commands.sessions import SessionCommands
from interfaces.http.commands.users import ServiceAccountCommands, UserCommands

CONTROLLERS = (
    UserCommands,
    ServiceAccountCommands,
    SessionCommands,
    EmailVerificationCommands,
    PasswordResetCommands,
    MeCommands,
    ApiKeyCommands,
    ListingCommands,
    FavouriteCommands,
    InquiryCommands,
    ImportCommands,
)
