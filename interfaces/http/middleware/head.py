"""HEAD is answered wherever GET is: the same status and headers, and nothing after them."""

from litestar.types import ASGIApp, HTTPDisconnectEvent, HTTPReceiveMessage, Message, Receive, Scope, Send, WebSocketReceiveMessage


class Head:
    """A stream that would stay open ends with its headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        answered = False

        async def receiving() -> HTTPReceiveMessage | WebSocketReceiveMessage:
            return HTTPDisconnectEvent(type="http.disconnect") if answered else await receive()

        async def answering(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                answered = True

        # The scope itself, since the layers around this one read from it what the route was.
        scope["method"] = "GET"  # type: ignore[typeddict-item]
        try:
            await self.app(scope, receiving, answering)
        finally:
            scope["method"] = "HEAD"  # type: ignore[typeddict-item]
