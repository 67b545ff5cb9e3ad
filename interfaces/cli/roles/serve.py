"""The role `serve`: answers commands, queries or both over HTTP until it is told to stop."""

import asyncio
import gc
import os
import signal
from typing import Annotated

import structlog
from cyclopts import Parameter
from granian.constants import Interfaces
from granian.server.embed import Server

from infrastructure import logging
from infrastructure.container import Container
from infrastructure.eventlog import forms
from interfaces.cli.running import reaching
from interfaces.http.assembly import assemble
from interfaces.http.streams import Streams

CONNECTIONS = 1024
"""How many connections may wait to be taken."""

logger = structlog.get_logger(__name__)


def serve(
    *,
    commands: Annotated[bool, Parameter(negative=(), help="Only commands: POST, PUT, PATCH, DELETE.")] = False,
    queries: Annotated[bool, Parameter(negative=(), help="Only queries: GET.")] = False,
    port: Annotated[int | None, Parameter(help="Where to listen, instead of TRADEWIND_PORT or 8000.")] = None,
) -> None:
    """Answer over HTTP; without either flag both sides."""
    environ = dict(os.environ) | ({"TRADEWIND_PORT": str(port)} if port is not None else {})
    with reaching(environ) as settings, Container(settings) as container:
        logging.configure(settings)
        forms.check(container.pool, container.log.history.mapper)
        both = commands == queries
        streams = Streams()
        gc.disable()  # nothing of this is garbage, and it is half of the time to see that
        app = assemble(container, streams, commands=commands or both, queries=queries or both)
        gc.freeze()  # what is there now stays: a full collection need not look through it while a request waits
        gc.enable()
        asyncio.run(until_stopped(app, settings.host, settings.port, streams))


async def until_stopped(app: object, host: str, port: int, streams: Streams) -> None:
    server = Server(app, host, port, interface=Interfaces.ASGI, websockets=False, log_enabled=False, backlog=CONNECTIONS)
    loop = asyncio.get_running_loop()

    def stop() -> None:
        streams.close()
        server.stop()

    for ending in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(ending, stop)
    logger.info("serving", host=host, port=port)
    await server.serve()
