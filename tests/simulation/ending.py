"""What must have become of everything when nothing is on its way any more."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from application.effects.job import React, Work
from application.jobs.react import command_id
from application.processes.table import REACTIONS
from domain.groups.events import GroupClosed, GroupCompleted, GroupOpened
from domain.orders.events import OrderCancelled, OrderConfirmed, OrderPlaced
from domain.payments.events import ExcessCaptured, PaymentCaptured, PaymentHeld, RefundPaid, RefundRequested
from domain.stock.events import Level
from projections.payments import ledger
from tests.simulation.engines.log import SimulatedLog
from tests.simulation.engines.postgres import Database
from tests.simulation.invariants import Broken
from tests.simulation.outside import Post, Provider
from tests.simulation.people.person import Person

LETTERS = frozenset({"send_letter", "send_text", "send_code"})
FOLLOWING = {(each.event, each.name): each for each in REACTIONS}


class Ending:
    def __init__(self, log: SimulatedLog, database: Database) -> None:
        self._log = log
        self._jobs: Mapping[Any, Mapping[str, Any]] = database.table("jobs")
        self._entries: Iterable[Mapping[str, Any]] = database.table(ledger.journal.table).values()

    def look(self, provider: Provider, post: Post, people: Sequence[Person]) -> None:
        """Raises `Broken`."""
        self._answered(people)
        self._done(post)
        self._paid(provider)
        self._decided()
        self._settled()

    def _answered(self, people: Sequence[Person]) -> None:
        for each in people:
            for id, results in each.acknowledged:
                if any(len(self._log.streams.get(result.stream, ())) < result.version for result in results):
                    raise Broken(f"command {id} was acknowledged, and is lost")

    def _done(self, post: Post) -> None:
        """A job that is done has been done: its commands have run, its letter was handed over."""
        for id, row in self._jobs.items():
            if row["state"] == "dead":
                raise Broken(f"{row['work']} was given up: {row['note']}")
            if row["state"] == "done" and row["kind"] in LETTERS and not 0 < post.sent.get(id, 0) <= row["attempts"]:
                raise Broken(f"{row['work']} is done in {row['attempts']} attempts, with {post.sent.get(id, 0)} letters")
            work = msgspec.json.decode(row["work"], type=Work)
            if row["state"] == "done" and isinstance(work, React):
                self._followed(work)

    def _followed(self, work: React) -> None:
        event = self._log.streams[work.stream][work.version - 1]
        for ordinal, (stream, command) in enumerate(FOLLOWING[type(event.event), work.reaction].react(event.event)):
            if command_id(event.event_id, work.reaction, ordinal) not in self._log.commands:
                raise Broken(f"{type(command).__name__} follows from {event.type}, and has not run", stream)

    def _paid(self, provider: Provider) -> None:
        """What the provider has taken and given back is what the log says, once each."""
        taken = sorted((each.payment_id, each.attempt) for each in provider.charges.values() if each.state == "captured")
        said = sorted((each.payment_id, each.attempt) for each in self._events(PaymentCaptured, PaymentHeld, ExcessCaptured))
        if taken != said:
            raise Broken(f"the provider has taken {taken}, and the log says {said}")
        back = sorted(each.refund_id for each in provider.refunds.values())
        for kind in (RefundPaid, RefundRequested):
            if back != sorted(each.refund_id for each in self._events(kind)):
                raise Broken(f"the provider has paid back something else than {kind.__name__} says")

    def _decided(self) -> None:
        """Orders are confirmed or called off, and no stock is kept for any that is neither."""
        over = {each.order_id for each in self._events(OrderConfirmed, OrderCancelled)}
        for each in self._events(OrderPlaced):
            if each.order_id not in over:
                raise Broken("an order is neither confirmed nor called off", each.order_id)
        levels: dict[Any, Level] = {}
        for each in self._log.events:
            if isinstance(level := getattr(each.event, "level", None), Level):
                levels[each.stream] = level
        for stock, level in levels.items():
            if level.reserved:
                raise Broken(f"{level.reserved} pieces are reserved for nobody", stock)

    def _settled(self) -> None:
        """Groups are over, and nothing is held for any of them."""
        over = {each.group_id for each in self._events(GroupClosed, GroupCompleted)}
        for each in self._events(GroupOpened):
            if each.group_id not in over:
                raise Broken("a group comes to no end", each.group_id)
        held: dict[str, int] = defaultdict(int)
        for row in self._entries:
            if row["account"].startswith("group:"):
                held[row["account"]] += row["credit"] - row["debit"]
        if any(held.values()):
            raise Broken(f"money is held for groups that are over: {dict(held)}")

    def _events(self, *kinds: type[Any]) -> list[Any]:
        return [each.event for each in self._log.events if type(each.event) in kinds]
