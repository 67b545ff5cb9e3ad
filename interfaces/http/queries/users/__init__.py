"""What is asked of accounts."""

from interfaces.http.queries.users.api_keys import ApiKeyQueries
from interfaces.http.queries.users.export import ExportQueries
from interfaces.http.queries.users.me import MeQueries
from interfaces.http.queries.users.users import UserQueries

CONTROLLERS = (
    MeQueries,
    ExportQueries,
    UserQueries,
    ApiKeyQueries,
)
