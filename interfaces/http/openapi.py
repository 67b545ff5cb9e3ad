"""Where the OpenAPI and AsyncAPI documents and their page are served."""

from functools import lru_cache
from typing import Any

import msgspec
from litestar import Litestar, MediaType, Request, Response
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme
from litestar.response import Redirect

from interfaces.http.documentation.document import complete
from interfaces.http.documentation.events import asyncapi as events
from interfaces.http.documentation.page import render
from interfaces.http.documentation.routes import operation_id
from interfaces.http.routes import get

ABOUT = """Commands (POST, PUT, PATCH, DELETE) change the event log and answer with a position; queries (GET) answer from read models.

**Read your writes.** Give a query the `Position` of your command as `Min-Position`, and it waits for its read model.

**Once, and only on what you saw.** The same `Idempotency-Key` gives the same answer again. `If-Match` with an `ETag` pins the version.

**Refusals** are problem documents (RFC 9457) with a stable `code`; `pointer` or `parameter` names what was wrong.

**Lists** answer `items` and `next`, which is the `cursor` of the next page, or null. What is not declared here is refused."""

OPENAPI = OpenAPIConfig(
    title="Tradewind",
    version="1",
    description=ABOUT,
    render_plugins=[],
    operation_id_creator=operation_id,
    components=Components(
        security_schemes={
            "session": SecurityScheme(type="http", scheme="bearer", bearer_format="JWT", description="An access token of a session."),
            "key": SecurityScheme(type="http", scheme="bearer", description="An API key of a service, `twk_…`."),
        }
    ),
)


@get("/openapi.json", include_in_schema=False, sync_to_thread=True)
def openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The document itself."""
    return Response(document(request.app), media_type=MediaType.JSON)


@get("/asyncapi.json", include_in_schema=False, sync_to_thread=True)
def asyncapi() -> Response[bytes]:
    """What feeds tell, for programs."""
    return Response(told(), media_type=MediaType.JSON)


@get("/", include_in_schema=False, sync_to_thread=False)
def front() -> Redirect:
    """Whoever comes without a path is shown what there is."""
    return Redirect("/docs")


@get("/docs", include_in_schema=False, sync_to_thread=True)
def page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Both documents as a page for people; it needs nothing from elsewhere."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    return Response(read(request.app), media_type=MediaType.HTML, headers={"Content-Security-Policy": policy})


@lru_cache(maxsize=8)
def document(app: Litestar) -> bytes:
    return msgspec.json.format(msgspec.json.encode(complete(app)), indent=1)


@lru_cache(maxsize=8)
def read(app: Litestar) -> bytes:
    return render(msgspec.json.decode(document(app)), events()).encode()


@lru_cache(maxsize=1)
def told() -> bytes:
    return msgspec.json.format(msgspec.json.encode(events()), indent=1)
