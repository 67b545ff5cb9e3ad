"""The role `openapi`: prints the document of the HTTP interface without starting or reaching anything."""

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from litestar import Litestar


class Described:
    """Stands for every part of the system: routes are declared with it, and nothing is asked of it."""

    max_body_bytes = 1_000_000
    cors_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Described()

    def __getitem__(self, name: object) -> Any:
        if not isinstance(name, str):
            raise TypeError("it has no end: ask for its parts by their names")
        return Described()

    def __call__(self, *_: Any, **__: Any) -> Any:
        return Described()


def openapi() -> None:
    """Print the OpenAPI document to standard output."""
    from interfaces.http.openapi import document

    sys.stdout.write(document(described()).decode() + "\n")


def described() -> "Litestar":
    """The application with all its routes, and nothing behind them."""
    from litestar import Litestar

    from interfaces.http.assembly import assemble
    from interfaces.http.streams import Streams

    app: Any = assemble(Described(), Streams())
    while not isinstance(app, Litestar):
        app = app.app  # what stands around it is no route
    return app
