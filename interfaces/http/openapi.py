"""The OpenAPI document and a page to read it: what is true of every route, and how callers authenticate."""

from typing import Any

import msgspec
from litestar import MediaType, Request, Response, get
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme

from interfaces.http.caller import anyone

OPENAPI = OpenAPIConfig(
    title="Tradewind",
    version="1",
    description="Commands change the log and answer with a position; queries answer from read models and may wait for one.",
    render_plugins=[],
    components=Components(
        security_schemes={
            "session": SecurityScheme(type="http", scheme="bearer", bearer_format="JWT", description="An access token."),
            "key": SecurityScheme(type="http", scheme="bearer", description="An API key, `twk_…`."),
        }
    ),
)


@get("/openapi.json", guards=[anyone], include_in_schema=False, sync_to_thread=False)
def openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The document itself."""
    return Response(document(request.app), media_type=MediaType.JSON)


def document(app: Any) -> bytes:
    return msgspec.json.encode(app.openapi_schema.to_schema())
