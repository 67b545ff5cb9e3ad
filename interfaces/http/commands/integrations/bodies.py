"""What is said of consumer groups, and by their workers."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from application.commands.consumers.books import Place
from domain.decider import Rejected
from domain.integrations.consumers.consumer import REASON_LIMIT
from interfaces.http.answers import Body
from interfaces.http.queries.feeds import ONE_OF
from projections.feeds.envelope import CloudEvent

LEASE = r"^[0-9]{1,15}\.[0-9a-f]{32}$"

Name = Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9-]{0,62}$", examples=["bookkeeping"])]
Type = Annotated[str, Meta(pattern=f"^({ONE_OF})$", examples=["listings.ListingSold"])]
Lease = Annotated[str, Meta(pattern=LEASE, description="As `pull` has given it with the event.", examples=[f"4711.{'0f' * 16}"])]
Leases = Annotated[list[Lease], Meta(min_length=1, max_length=1000)]
Position = Annotated[int, Meta(ge=0, le=2**53 - 1, description="Events behind it are given.", examples=[4711])]
Moment = Annotated[datetime, Meta(tz=True, description="Events recorded then or later are given.")]
Reason = Annotated[str, Meta(min_length=1, max_length=REASON_LIMIT, examples=["The order was a test of ours."])]


class Somewhere(Body, frozen=True):
    """A position or a time, one of the two."""

    position: Position | UnsetType = UNSET
    time: Moment | UnsetType = UNSET

    def place(self, pointer: str) -> Place:
        match self.position, self.time:
            case int() as position, UnsetType():
                return position
            case UnsetType(), datetime() as time:
                return time
            case _:
                raise Rejected("place_unclear", "Say a position or a time, one of the two.", pointer=pointer)


class NewConsumer(Body, frozen=True):
    """`maxAttempts` is how often an event is given before it is parked, `leaseSeconds` how long a worker has for it each time."""

    name: Name
    from_: Literal["start", "head"] | Somewhere = field(default="head", name="from")
    types: Annotated[tuple[Type, ...], Meta(max_length=100, description="Only these; all where there are none.")] = ()
    max_attempts: Annotated[int, Meta(ge=1, le=100)] = 5
    lease_seconds: Annotated[int, Meta(ge=1, le=43_200)] = 60

    @property
    def place(self) -> Place:
        return self.from_.place("/from") if isinstance(self.from_, Somewhere) else self.from_


class Skip(Body, frozen=True):
    """For auditors: it stays in history."""

    reason: Reason


class Pull(Body, frozen=True):
    """`waitSeconds` is how long to wait for an event where there is none."""

    limit: Annotated[int, Meta(ge=1, le=1000)] = 100
    wait_seconds: Annotated[int, Meta(ge=0, le=30, examples=[0])] = 0


class Acknowledgement(Body, frozen=True):
    leases: Leases


class Rejection(Body, frozen=True):
    """`reason` is shown with what is parked; ids, never about a person."""

    leases: Leases
    delay_seconds: Annotated[int, Meta(ge=0, le=43_200, description="After how long to give them again.")] = 0
    reason: Annotated[str, Meta(max_length=REASON_LIMIT, examples=["The ledger is closed."])] = ""


class Extension(Body, frozen=True):
    leases: Leases
    seconds: Annotated[int, Meta(ge=1, le=43_200, description="From now on.", examples=[60])]


class Given(Struct, frozen=True, rename="camel"):
    """`attempt` counts from 1; the event is given again where it is not acknowledged before `leaseEndsAt`."""

    lease: Lease
    attempt: int
    lease_ends_at: datetime
    event: CloudEvent


class GivenEvents(Struct, frozen=True):
    """In order of the feed. `more`: pull again at once, also where there are no items."""

    items: list[Given]
    more: bool


class Done(Struct, frozen=True):
    """`done` events were acknowledged, will be given again or are held longer; `parked` were given up; `stale` leases did nothing."""

    done: int
    parked: int
    stale: list[Lease]
