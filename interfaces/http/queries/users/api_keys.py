"""API keys of services, as admins see them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Response
from litestar.params import QueryParameter
from msgspec import Struct

from domain.values import Role
from interfaces.http.answers import page
from interfaces.http.caller import requires
from interfaces.http.errors import problems
from interfaces.http.queries.users.users import Cursor, Limit
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.ports import Documents
from projections.users.access import Access
from projections.users.api_keys import ApiKey, of, view


class ApiKeyRow(ApiKey, frozen=True, kw_only=True):
    """`last_used_at` is right to within a minute."""

    last_used_at: datetime | None


class ApiKeyList(Struct, frozen=True):
    items: list[ApiKeyRow]
    next: str | None


class ApiKeyQueries(Controller):
    path = "/v1/api-keys"
    tags = ("api-keys",)

    @get("/", guards=[requires(Role.ADMIN)], sync_to_thread=True, opt={"projection": view.name}, responses=problems("bad_cursor"))
    def all(
        self,
        documents: Given[Documents],
        access: Given[Access],
        user: Annotated[UUID | None, QueryParameter(description="Only those of this service account.")] = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Response[ApiKeyList]:
        """Keys with their scopes and last use, the newest first; the keys themselves are shown once, when they are made."""
        found = documents.page(view, of(user), limit=limit, cursor=cursor)
        used = access.last_uses(UUID(str(each.key)) for each in found.items)
        answer: Any = page(found, lambda each: {"lastUsedAt": used.get(UUID(str(each.key)))})
        return answer
