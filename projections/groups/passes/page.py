"""Each pass as its member and the counter see it: what it is for, what is left, and what went wrong where there was no network."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from domain.goods import Unit
from domain.groups.passes.events import Clash, HandOverClashed, PassEvent, PassIssued, PassRedeemed, PassStatus, PassVoided
from domain.groups.passes.hand_over import status_after, status_after_voiding
from domain.groups.values import PickupPlace
from domain.values import Actor, Role, Value
from projections.sql import ALL, Order, Where, equals
from projections.view import View


class HandedOut(Value, frozen=True):
    """`at` is when it was handed out, by the clock of who did it."""

    redemption_id: UUID
    quantity: int
    by: UUID
    at: datetime


class ClashedHandOver(Value, frozen=True):
    """Handed out where there was no network; `excess` pieces of it should not have been, for this reason."""

    redemption_id: UUID
    quantity: int
    excess: int
    reason: Clash
    by: UUID
    at: datetime


class PassPage(Value, frozen=True):
    """`left` of `quantity` pieces are still to be handed out. `clashed` counts the `clashes`, for whoever looks for them."""

    id: UUID
    group_id: UUID
    member_id: UUID
    organiser_id: UUID | None
    pickup_id: UUID
    pickup: PickupPlace | None
    title: str
    sku: str
    unit: Unit
    quantity: int
    left: int
    number: int
    status: PassStatus
    issued_at: datetime
    expires_at: datetime
    changed_at: datetime
    handed_out: tuple[HandedOut, ...] = ()
    clashes: tuple[ClashedHandOver, ...] = ()
    clashed: int = 0
    replaced_by: UUID | None = None


def evolve(page: PassPage | None, event: PassEvent) -> PassPage | None:
    match event, page:
        case PassIssued(), _:
            return begin(event)
        case PassRedeemed(), PassPage():
            done = HandedOut(event.redemption_id, event.quantity, event.by, event.handed_at or event.at)
            status = status_after(event.left)
            return replace(page, left=event.left, status=status, handed_out=(*page.handed_out, done), changed_at=event.at)
        case HandOverClashed(), PassPage():
            clash = ClashedHandOver(event.redemption_id, event.quantity, event.excess, event.reason, event.by, event.handed_at)
            return replace(page, clashes=(*page.clashes, clash), clashed=page.clashed + 1, changed_at=event.at)
        case PassVoided(), PassPage():
            return replace(page, status=status_after_voiding(event), replaced_by=event.replaced_by, changed_at=event.at)
        case _:
            return page


def begin(issued: PassIssued) -> PassPage:
    return PassPage(
        issued.pass_id,
        issued.group_id,
        issued.member_id,
        issued.organiser_id,
        issued.pickup_id,
        issued.pickup,
        issued.title,
        issued.sku,
        issued.unit,
        issued.quantity,
        issued.quantity,
        issued.number,
        PassStatus.ISSUED,
        issued.at,
        issued.expires_at,
        issued.at,
    )


def pass_of(event: PassEvent) -> UUID:
    return event.pass_id


view = View(
    "passes",
    PassPage,
    key=pass_of,
    evolve=evolve,
    events=(PassIssued, PassRedeemed, HandOverClashed, PassVoided),
    columns={
        "group_id": "uuid",
        "member_id": "uuid",
        "organiser_id": "uuid",
        "pickup_id": "uuid",
        "number": "integer",
        "status": "text",
        "clashed": "integer",
        "expires_at": "timestamptz",
        "issued_at": "timestamptz",
    },
    indexes=("member_id, issued_at DESC, key DESC", "group_id, pickup_id, key"),
)

NEWEST_FIRST = Order(("issued_at",))
BY_KEY = Order(descending=False)


def of_member(member_id: UUID) -> Where:
    return equals("member_id", member_id)


def at_counter_of(by: Actor) -> Where:
    """What `by` hands out: organisers their groups' goods, staff everybody's; auditors see it too."""
    if by.is_any(Role.STAFF, Role.ADMIN, Role.AUDITOR):
        return ALL
    return Where("organiser_id = %(caller)s", {"caller": by.id})


def visible_to(by: Actor) -> Where:
    """What `by` hands out, and what is handed out to him."""
    if by.is_any(Role.STAFF, Role.ADMIN, Role.AUDITOR):
        return ALL
    return Where("organiser_id = %(caller)s OR member_id = %(caller)s", {"caller": by.id})


def of_group(group_id: UUID, pickup_id: UUID | None = None, *, clashed: bool | None = None) -> Where:
    wanted = equals("group_id", group_id)
    if pickup_id is not None:
        wanted &= equals("pickup_id", pickup_id)
    if clashed is not None:
        wanted &= Where("(clashed > 0) = %(clashed)s", {"clashed": clashed})
    return wanted
