"""The role `openapi`: prints the document of the HTTP interface without starting or reaching anything."""

import sys
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from litestar import Litestar


class Described:
    """Stands for every part of the system: routes are declared with it, and nothing is asked of it."""

    max_body_bytes = 1_000_000
    cors_origins: tuple[str, ...] = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Described()

    def __call__(self, *_: Any, **__: Any) -> Any:
        return Described()


def openapi() -> None:
    """Print the OpenAPI document to standard output."""
    sys.stdout.write(document().decode() + "\n")


def document() -> bytes:
    from interfaces.http import openapi as described
    from interfaces.http.assembly import assemble
    from interfaces.http.streams import Streams

    return described.document(cast("Litestar", assemble(Described(), Streams()).app))
