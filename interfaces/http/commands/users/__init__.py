"""What people do to accounts, and what admins do to theirs."""

from interfaces.http.commands.users.api_keys import ApiKeyCommands
from interfaces.http.commands.users.erasure import ErasureCommands, OthersErasureCommands
from interfaces.http.commands.users.mailed_links import EmailVerificationCommands, PasswordResetCommands
from interfaces.http.commands.users.me import MeCommands
from interfaces.http.commands.users.phones import PhoneCodeCommands
from interfaces.http.commands.users.sessions import SessionCommands
from interfaces.http.commands.users.users import ServiceAccountCommands, UserCommands

CONTROLLERS = (
    UserCommands,
    ServiceAccountCommands,
    SessionCommands,
    PhoneCodeCommands,
    EmailVerificationCommands,
    PasswordResetCommands,
    MeCommands,
    ErasureCommands,
    OthersErasureCommands,
    ApiKeyCommands,
)
