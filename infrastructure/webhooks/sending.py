"""The road out, in the role `work`: one thread follows feeds and hands out what is due, many post, and none waits for another's answer."""

import math
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from uuid import UUID

import psycopg
import structlog
from msgspec import Struct
from psycopg_pool import PoolTimeout

from application.webhooks.ports import Message, Outcome
from infrastructure.webhooks.following import Following
from infrastructure.webhooks.queue import SLOW, Deliveries
from projections.ports import Unavailable

POLL = 0.5
"""Seconds until somebody looks who was not woken."""

LOOK_AGAIN = 0.03
"""Seconds between looks right after the log has grown: feeds are a moment behind it."""

LOOKS = 10
CLEAN_EVERY = 60.0
"""Seconds between two removals of what is old."""

logger = structlog.get_logger(__name__)


class Lane(Struct):
    """Places to post from. An endpoint has at most `each` of them; those that fail or are slow have a lane of their own.

    A post that takes longer than `patience` seconds has no place any more, though it goes on: whoever hangs holds up nobody after that.
    """

    poor: bool
    places: int
    each: int
    patience: float
    began: dict[tuple[UUID, UUID], float] = {}

    def free(self, now: float) -> int:
        return self.places - sum(now - began < self.patience for began in self.began.values())


class Sending:
    """Many may run. What was taken when a process dies is sent again when its lease ends."""

    def __init__(
        self,
        following: Following,
        deliveries: Deliveries,
        deliver: Callable[[Message], Outcome],
        *,
        places: int = 48,
        poor_places: int = 96,
        posts: int = 192,
        patience: float = SLOW / 1000,
    ) -> None:
        """`posts` are how many may be under way at most, with those that have no place any more."""
        self._following = following
        self._deliveries = deliveries
        self._deliver = deliver
        self._posts = posts
        self._lanes = (
            Lane(poor=False, places=places, each=8, patience=patience),
            Lane(poor=True, places=poor_places, each=1, patience=math.inf),
        )
        self._changed = threading.Condition()
        self._wakings = 0

    def run(self, stop: threading.Event, wait: Callable[[float], bool]) -> None:
        """Send until `stop` is set, and let what is being sent come to its end; `wait(seconds)` says whether the log has grown."""
        finished = threading.Event()
        waking = threading.Thread(target=self._wake, args=[finished, wait], name="webhook-waker", daemon=True)
        cleaning = threading.Thread(target=self._clean, args=[stop], name="webhook-cleaner", daemon=True)
        waking.start()
        cleaning.start()
        with ThreadPoolExecutor(self._posts, thread_name_prefix="webhook") as posting:
            self._go_on(stop, posting)
        finished.set()
        waking.join()
        cleaning.join()

    def empty(self) -> int:
        """Follow the feeds and send what is due now, one after another; how many messages that was."""
        sent = 0
        while True:
            made = self._following.step() if self._following.anybody() else 0
            messages = [message for lane in self._lanes for message in self._deliveries.take(lane.places, lane.each, poor=lane.poor)]
            for message in messages:
                self._send(message)
            sent += len(messages)
            if not made and not messages:
                return sent

    def _go_on(self, stop: threading.Event, posting: ThreadPoolExecutor) -> None:
        looks = 0
        while not stop.is_set():
            wakings = self._wakings
            try:
                anybody = self._following.anybody()
                found = self._following.step() + self._hand_out(posting) if anybody else 0
            except (Unavailable, psycopg.OperationalError, psycopg.errors.UndefinedTable, PoolTimeout) as error:
                logger.warning("webhooks are not being sent", error=str(error))  # a feed's table comes with its projector
                stop.wait(POLL * 4)
                continue
            except Exception:
                logger.exception("a round of webhooks failed")
                stop.wait(POLL * 4)
                continue
            if not found:
                woken = self._rest(wakings, LOOK_AGAIN if looks else POLL)
                looks = LOOKS if woken and anybody else max(0, looks - 1)

    def _hand_out(self, posting: ThreadPoolExecutor) -> int:
        handed = 0
        for lane in self._lanes:
            now = monotonic()
            with self._changed:
                under_way = sum(len(each.began) for each in self._lanes)
                free = min(lane.free(now), self._posts - under_way)
            if free <= 0:
                continue
            messages = self._deliveries.take(free, lane.each, poor=lane.poor)
            with self._changed:
                lane.began |= {(message.id, message.lease): now for message in messages}
            for message in messages:
                posting.submit(self._post, lane, message)
            handed += len(messages)
        return handed

    def _post(self, lane: Lane, message: Message) -> None:
        try:
            self._send(message)
        except Exception:
            logger.exception("a webhook's outcome was lost", delivery=str(message.id))  # it is sent again when the lease ends
        finally:
            with self._changed:
                del lane.began[message.id, message.lease]
                self._wakings += 1
                self._changed.notify_all()

    def _send(self, message: Message) -> None:
        outcome = self._deliver(message)
        self._deliveries.end(message, outcome)
        answer = outcome.answer
        logger.info(
            "webhook sent" if answer.taken else "webhook not taken",
            delivery=str(message.id),
            endpoint=str(message.endpoint_id),
            outcome=outcome.state,
            status=answer.status,
            fault=answer.fault,
            milliseconds=answer.milliseconds,
        )

    def _rest(self, wakings: int, seconds: float) -> bool:
        """Until somebody was woken since so many wakings, or it is time to look of oneself; says which."""
        with self._changed:
            return self._changed.wait_for(lambda: self._wakings != wakings, seconds)

    def _wake(self, finished: threading.Event, wait: Callable[[float], bool]) -> None:
        while not finished.is_set():
            if wait(POLL):
                with self._changed:
                    self._wakings += 1
                    self._changed.notify_all()

    def _clean(self, stop: threading.Event) -> None:
        while not stop.wait(CLEAN_EVERY):
            try:
                while self._following.remove_old() and not stop.is_set():
                    pass
            except (psycopg.OperationalError, PoolTimeout) as error:
                logger.warning("old webhooks are not removed", error=str(error))
