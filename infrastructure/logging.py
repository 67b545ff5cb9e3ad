"""How the program speaks of itself: JSON lines for machines, readable lines on a terminal, and no secrets in either."""

import contextlib
import logging
import re
import sys
from collections.abc import MutableMapping
from functools import lru_cache
from threading import Lock
from typing import Any, TextIO, cast

import msgspec
import structlog

from infrastructure.settings import Settings

Event = MutableMapping[str, Any]

HIDDEN = "[hidden]"
_PRIVATE = re.compile(
    r"passw|secret|token|authori[sz]ation|cookie|api_?key|credential|otp|^(code|pin|jwt|bearer)$|e_?mail|phone|address(?!_family)|^name$|(first|last|full)_?name",
    re.IGNORECASE,
)
_IN_TEXT = (
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}"), rf"\1 {HIDDEN}"),
    (re.compile(r"(\w+://[^\s:/@]*):[^\s/@]+@"), rf"\1:{HIDDEN}@"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), HIDDEN),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), HIDDEN),
)


def configure(settings: Settings, *, stream: Any = None) -> None:
    """Send structlog's and the standard library's records to `stream` (standard error) in one form.

    What the caller has bound to structlog.contextvars (correlation_id, command_id) is on every line.
    """
    output = stream or sys.stderr
    readable = settings.log == "console" or (settings.log == "auto" and output.isatty())
    common: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    rendering: list[structlog.types.Processor] = (
        [redact, structlog.dev.ConsoleRenderer(colors=output.isatty())]
        if readable
        else [structlog.processors.format_exc_info, redact, structlog.processors.JSONRenderer(as_json)]
    )
    handler = logging.StreamHandler(output)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*common, structlog.stdlib.PositionalArgumentsFormatter(), structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    logging.captureWarnings(capture=True)
    for chatty in ("httpx", "httpcore", "stripe"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))
    # It warns with a traceback at every request while the engine is away; ours say `engine unavailable`, once each.
    logging.getLogger("opensearch").setLevel(logging.ERROR)
    lock = Lock()
    # Our own lines do not go through the standard library, which takes twice as long for one as a query for its row.
    structlog.configure(
        processors=[*common, *rendering],
        logger_factory=lambda *names: Lines(names[0] if names else "tradewind", output, lock),
        wrapper_class=structlog.make_filtering_bound_logger(root.level),
        cache_logger_on_first_use=True,
    )


class Lines:
    """Writes whole lines, and knows whose they are. A stream that is closed or full loses the line, and not the thread that wrote it."""

    def __init__(self, name: str, stream: TextIO, lock: Lock) -> None:
        self.name = name
        self._stream = stream
        self._lock = lock

    def msg(self, line: str) -> None:
        with self._lock, contextlib.suppress(OSError, ValueError):
            self._stream.write(f"{line}\n")
            self._stream.flush()

    debug = info = warning = error = critical = exception = msg


def as_json(event: Event, **_: Any) -> str:
    return _JSON.encode(event).decode()


_JSON = msgspec.json.Encoder(enc_hook=repr)


def redact(_logger: Any, _method: str, event: Event) -> Event:
    """Hide the values of keys that name something private, at any depth, and what looks like a secret inside a text."""
    return {key: HIDDEN if _is_private(key) and value else _cleaned(value) for key, value in event.items()}


def _cleaned(value: Any) -> Any:
    match value:
        case str():
            if not _may_tell(value):
                return value
            for pattern, replacement in _IN_TEXT:
                value = pattern.sub(replacement, value)
            return value
        case dict():
            return redact(None, "", {str(key): inner for key, inner in cast("dict[Any, Any]", value).items()})
        case list() | tuple() | set() | frozenset():
            return [_cleaned(inner) for inner in cast("list[Any]", value)]
        case _:
            return value


def _may_tell(text: str) -> bool:
    """Whether any of the patterns could match: nearly all values are ids, numbers and paths, on every request's line."""
    return "@" in text or "eyJ" in text or len(text.split(None, 1)) > 1


@lru_cache(1000)
def _is_private(key: str) -> bool:
    return _PRIVATE.search(key) is not None
