"""A delivery that is followed all the time: told at every change, and to nobody whom it does not concern."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec import Raw

from domain.deliveries.events import Status
from domain.trade import Spot
from domain.values import Actor
from interfaces.http.errors import Problem
from interfaces.http.queries.deliveries import tracking
from interfaces.http.queries.deliveries.tracking import Following
from interfaces.http.streams import Streams, follow
from projections.deliveries import couriers, delivery
from projections.deliveries.tracking import Seen, Track
from projections.ports import Found
from projections.sql import ALL, Where
from projections.view import View

PARCEL, ORDER, ANA, BEN, CLEO, EVE = (UUID(int=number) for number in range(1, 7))
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ROSSIO = Spot(38.7139, -9.1394)


class Street:
    """Documents and whereabouts held in memory; Cleo carries Ana's parcel at 15 km/h."""

    def __init__(self) -> None:
        self.page = delivery.DeliveryPage(
            PARCEL, ORDER, ANA, BEN, CLEO, None, Status.IN_TRANSIT, None, ROSSIO, "Europe/Lisbon", None, None, NOON, NOON
        )
        self.seen: Seen | None = None
        self.asked_for_speed = 0

    def one(self, view: View[Any], _key: object, where: Where = ALL) -> Found | None:
        if view is couriers.view:
            self.asked_for_speed += 1
            return Found(CLEO, 1, Raw(b"{}"), {"speed": 15})
        mine = where.values.get("caller") in {ANA, BEN, CLEO}
        return Found(PARCEL, 1, Raw(msgspec.json.encode(self.page)), {}) if mine else None

    def last(self, couriers: Sequence[UUID]) -> Mapping[UUID, Seen]:
        return {CLEO: self.seen} if self.seen and CLEO in couriers else {}


def following(street: Street, streams: Streams, by: UUID = ANA) -> Following:
    found: Any = street
    return Following(PARCEL, Actor(by), found, found, lambda: NOON, streams)


def told(message: bytes) -> Track:
    (data,) = [line.removeprefix(b"data: ") for line in message.splitlines() if line.startswith(b"data: ")]
    return msgspec.json.decode(data, type=Track)


def test_every_change_is_told_and_nothing_else(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tracking, "LOOKS_EVERY", 0.005)

    async def allowed() -> bool:
        return True

    async def scene() -> None:
        street, streams = Street(), Streams()
        followed = following(street, streams)
        stream: Any = follow(streams, await followed.messages(0), followed.messages, followed.grown, allowed)
        await anext(stream)
        assert told(await anext(stream)).position is None
        street.seen = Seen(38.6979, -9.2061, NOON + SECOND)
        moved = told(await asyncio.wait_for(anext(stream), 5))
        assert moved.position == street.seen
        assert moved.kilometres == pytest.approx(6.06, abs=0.02)
        waiting = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        street.seen = Seen(38.71, -9.14, NOON + 2 * SECOND)
        nearer = told(await asyncio.wait_for(waiting, 5))
        assert nearer.arrives_at is not None
        assert moved.arrives_at is not None
        assert nearer.arrives_at < moved.arrives_at
        assert street.asked_for_speed == 1
        streams.close()
        assert [each async for each in stream] == []

    asyncio.run(scene())


def test_who_comes_back_is_told_only_what_is_newer():
    async def scene() -> None:
        followed = following(Street(), Streams())
        (first,), marked = await followed.messages(0)
        assert first.startswith(b"id: %d\nevent: track\n" % marked)
        assert await followed.messages(marked) == ([], marked)

    asyncio.run(scene())


def test_nobody_follows_what_is_none_of_his_business():
    with pytest.raises(Problem) as refusal:
        following(Street(), Streams(), EVE).now()
    assert (refusal.value.status, refusal.value.code) == (404, "delivery_not_found")
