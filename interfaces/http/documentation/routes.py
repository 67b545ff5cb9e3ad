"""What each route is, read from its declaration: who may use it, what it takes, answers and refuses."""

from collections.abc import Iterator
from inspect import cleandoc
from typing import Any

from litestar import Litestar, Response
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from msgspec import Struct

from interfaces.http.caller import Access

JSON = "application/json"
OPEN = Access(public=True)


class Operation(Struct, frozen=True):
    """One method of one path."""

    path: str
    method: str
    handler: HTTPRouteHandler

    @property
    def function(self) -> Any:
        """The handler as written; one that runs in a thread is wrapped."""
        return getattr(self.handler.fn, "func", self.handler.fn)

    @property
    def access(self) -> Access | None:
        """The route's access guard; None where nobody is asked for anything, as for health."""
        return next((guard for guard in self.handler.resolve_guards() if isinstance(guard, Access)), None)

    @property
    def gives_a_command(self) -> bool:
        return "run" in self.handler.parsed_fn_signature.parameters

    @property
    def keyed(self) -> bool:
        """Whether it takes no command without a key."""
        return bool(self.handler.opt.get("keyed"))

    @property
    def always(self) -> bool:
        """Whether it is taken during maintenance too."""
        return bool(self.handler.opt.get("always"))

    @property
    def shops(self) -> bool:
        """Whether a guest may show who he is by the token of his cart."""
        return "shopper" in self.handler.parsed_fn_signature.parameters

    @property
    def takes_up_a_cart(self) -> bool:
        """Whether a guest's cart becomes the caller's with it."""
        return "take_up_cart" in self.handler.parsed_fn_signature.parameters

    @property
    def waits(self) -> bool:
        return "projection" in self.handler.opt or self.streams

    @property
    def streams(self) -> bool:
        return bool(self.handler.opt.get("feed"))

    @property
    def also(self) -> str | None:
        """Another media type that is answered in where it is asked for."""
        return self.handler.opt.get("also")

    @property
    def body(self) -> Any:
        """The type of a JSON body, or None."""
        field = self.handler.parsed_fn_signature.parameters.get("data")
        return field.annotation if field else None

    @property
    def accepts(self) -> str | None:
        """The media type of a body that is no JSON."""
        return self.handler.opt.get("accepts")

    @property
    def answer(self) -> Any:
        """The type of the answer's document; None for none, bytes where it is no JSON."""
        field = self.handler.parsed_fn_signature.return_type
        if field.is_subclass_of(Response):
            return field.inner_types[0].annotation if field.inner_types else Any
        return None if field.annotation is type(None) else field.annotation

    @property
    def media_type(self) -> str:
        media_type = self.handler.media_type
        return str(getattr(media_type, "value", media_type) or JSON).split(";")[0]

    @property
    def summary(self) -> str:
        return cleandoc(self.function.__doc__ or "").split("\n\n")[0].replace("\n", " ")

    @property
    def about(self) -> str:
        """The docstring behind its first paragraph."""
        return "\n\n".join(part.replace("\n", " ") for part in cleandoc(self.function.__doc__ or "").split("\n\n")[1:])


def operations(app: Litestar) -> Iterator[Operation]:
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            continue
        for handler in route.route_handlers:
            if handler.resolve_include_in_schema():
                for method in sorted(handler.http_methods):
                    yield Operation(route.path_format, method.lower(), handler)


def operation_id(handler: HTTPRouteHandler, _method: Any, path: Any) -> str:
    """Stable, and what generated clients call their functions by: the path's first noun and the verb, as in `listings.submit`."""
    nouns = [part.replace("-", "_") for part in path if isinstance(part, str) and part != "v1"]
    owned = f"my_{nouns[1]}" if nouns[0] == "me" and len(nouns) > 1 else nouns[0]
    return f"{owned}.{handler.handler_name}"
