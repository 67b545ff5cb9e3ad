"""Sends one message, judges what came of it, and gives its endpoint up where that is the end of it."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from uuid import uuid5

import structlog
from msgspec.structs import replace

from application.commands.endpoints.books import SwitchOff
from application.handler import Handler
from application.ports import Clock, Meta
from application.webhooks.ports import Answer, Message, Outcome, Poster, Sign
from application.webhooks.schedule import judged
from domain.decider import Rejected
from domain.integrations.endpoints.commands import GiveUpEndpoint
from domain.integrations.endpoints.endpoint import PATIENCE
from domain.integrations.endpoints.events import GivenUp
from domain.values import SYSTEM

PAYLOAD_LIMIT = 256 * 1024
"""Bytes of a body that receivers are expected to take."""

KIND = "application/cloudevents+json; charset=utf-8"

logger = structlog.get_logger(__name__)


class Deliver:
    """`spread` gives numbers from 0 to 1."""

    def __init__(self, post: Poster, sign: Sign, handle: Handler, clock: Clock, spread: Callable[[], float]) -> None:
        self._post = post
        self._sign = sign
        self._handle = handle
        self._clock = clock
        self._spread = spread

    def __call__(self, message: Message) -> Outcome:
        """What to write down of it. An endpoint is given up before that: whoever dies in between finds it disabled."""
        answer = self._sent(message)
        at = self._clock()
        outcome = judged(answer, message.tries, at, self._spread())
        if answer.status == HTTPStatus.GONE:
            self._give_up(message, "gone", at)
            return replace(outcome, state="failed", due_at=None)
        since = message.failing_since
        if not answer.taken and not outcome.ours and since is not None and at - since >= PATIENCE:
            self._give_up(message, "failing", at)
        return outcome

    def _sent(self, message: Message) -> Answer:
        if len(message.body) > PAYLOAD_LIMIT:
            return Answer(None, "payload_too_large", "", "", 0)
        headers = {"content-type": KIND, **self._sign(message, self._clock())}
        return self._post(message.url, headers, message.body)

    def _give_up(self, message: Message, because: GivenUp, at: datetime) -> None:
        command = GiveUpEndpoint(message.endpoint_id, because, message.failing_since, SYSTEM, at)
        meta = Meta(uuid5(message.lease, f"give up {message.id}"), SYSTEM.id, message.id)
        try:
            self._handle(message.endpoint_id, command, meta, rows=[SwitchOff(message.endpoint_id, because, at)])
        except Rejected as rejected:  # deleted meanwhile
            logger.info("endpoint not given up", endpoint=str(message.endpoint_id), reason=rejected.code)
