"""A small harbour: events and read models of every kind, for tests of the engines beneath them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from msgspec.structs import replace

from domain.values import Money, Value
from projections.view import Count, Feed, Index, Journal, Sum, View

HARBOUR = UUID("0199aaaa-0000-7000-8000-000000000000")
SPRING = datetime(2026, 4, 1, 9, tzinfo=UTC)


def boat(number: int) -> UUID:
    return UUID(int=HARBOUR.int + number + 1)


class Moored(Value, frozen=True):
    boat_id: UUID
    name: str
    price: Money | None = None


class Painted(Value, frozen=True):
    boat_id: UUID
    colour: str


class Left(Value, frozen=True):
    boat_id: UUID


class Greeted(Value, frozen=True):
    """Of no interest to any read model here."""


class Rotten(Value, frozen=True):
    """What no fold survives."""

    boat_id: UUID


BoatEvent = Moored | Painted | Left | Rotten


class Boat(Value, frozen=True):
    id: UUID
    name: str
    price: Money | None
    since: datetime
    colours: tuple[str, ...] = ()


def evolve(boat: Boat | None, event: BoatEvent) -> Boat | None:
    match event, boat:
        case Moored(), _:
            return Boat(event.boat_id, event.name, event.price, SPRING + timedelta(minutes=event.boat_id.int - HARBOUR.int))
        case Painted(), Boat():
            return replace(boat, colours=(*boat.colours, event.colour))
        case Left(), _:
            return None
        case Rotten(), _:
            raise ValueError("rotten to the keel")
        case _:
            return boat


def where_it_lies(groups: tuple[str, ...], event: BoatEvent) -> tuple[str, ...]:
    match event:
        case Moored():
            return ("moored",)
        case Painted():
            return tuple(dict.fromkeys((*groups, event.colour)))
        case Left():
            return ()
        case Rotten():
            raise ValueError("rotten to the keel")


def number(event: BoatEvent) -> UUID:
    return event.boat_id


EVENTS = (Moored, Painted, Left, Rotten)

boats = View(
    "boats",
    Boat,
    key=number,
    evolve=evolve,
    events=EVENTS,
    columns={"name": "text", "since": "timestamptz", "price.amount": "bigint", "colours": "text[]"},
    indexes=("since DESC, key DESC", "price_amount, key"),
)


class Coloured(Value, frozen=True):
    colour: str


def told(_known: Boat | None, event: Painted) -> Coloured:
    return Coloured(event.colour)


paintings: Feed[Boat] = Feed(
    "paintings",
    "Every coat of paint.",
    known=Boat,
    key=number,
    evolve=lambda _known, _event: None,
    public=told,
    events=(Painted,),
    payloads=(Coloured,),
)


class Coat(Value, frozen=True):
    """`before` tells how many coats the boat had already; a boat that arrives brings its price and no colour."""

    boat_id: UUID
    name: str
    colour: str | None
    before: int
    paid: int
    since: datetime


def coats_of(known: Boat | None, event: BoatEvent) -> list[Coat]:
    match event, known:
        case Moored(), _:
            return [Coat(event.boat_id, event.name, None, 0, event.price.amount if event.price else 0, SPRING)]
        case Painted(), Boat():
            first = Coat(known.id, known.name, event.colour, len(known.colours), 100, known.since)
            return [first, replace(first, before=first.before + 1, paid=50)]
        case _:
            return []


BY_COLOUR = Sum("colours", by=("colour",), of=("paid", "before"))

coats = Journal(
    "coats",
    Coat,
    key=number,
    rows=coats_of,
    events=EVENTS,
    indexes=("colour, position, ordinal",),
    sums=(BY_COLOUR, Sum("boats", by=("boat_id", "name"), of=("paid",))),
    known=Boat,
    evolve=evolve,
)
lying = Count("lying", key=number, evolve=where_it_lies, events=EVENTS)
quay = Index(
    "quay",
    Boat,
    key=number,
    evolve=evolve,
    events=EVENTS,
    mapping={
        "id": {"type": "keyword"},
        "name": {"type": "text"},
        "price": {"properties": {"amount": {"type": "long"}, "currency": {"type": "keyword"}}},
        "since": {"type": "date"},
        "colours": {"type": "keyword"},
    },
)
