"""What a route is declared with."""

from functools import partial

from litestar.connection import ASGIConnection
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler


class Route(HTTPRouteHandler):
    """Litestar's, but that it asks its guards as they are: a copy of the handler for each would cost a twelfth of a query."""

    __slots__ = ()

    async def authorize_connection(self, connection: ASGIConnection) -> None:  # pyright: ignore[reportMissingTypeArgument, reportUnknownParameterType]
        for guard in self.resolve_guards():
            await guard(connection, self)  # type: ignore[misc]


get = partial(Route, http_method=HttpMethod.GET)
post = partial(Route, http_method=HttpMethod.POST)
put = partial(Route, http_method=HttpMethod.PUT)
patch = partial(Route, http_method=HttpMethod.PATCH)
delete = partial(Route, http_method=HttpMethod.DELETE)
