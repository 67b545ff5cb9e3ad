"""What can be asked of passes. Quantities are pieces."""

from datetime import datetime
from uuid import UUID

from domain.goods import Unit
from domain.groups.values import PickupPlace
from domain.values import Actor, Value


class IssuePass(Value, frozen=True):
    """Fields as in `PassIssued`; nobody but the service itself issues passes."""

    pass_id: UUID
    group_id: UUID
    member_id: UUID
    pickup_id: UUID
    quantity: int
    number: int
    expires_at: datetime
    by: Actor
    now: datetime
    organiser_id: UUID | None = None
    title: str = ""
    sku: str = ""
    unit: Unit = Unit.PIECE
    pickup: PickupPlace | None = None


class RedeemPass(Value, frozen=True):
    """Hand out `quantity`, or all that is left. `pickup_id` is where the counter stands, if it says so.

    `redemption_id` is one hand-over's own: said again, it is the same one.
    """

    pass_id: UUID
    quantity: int | None
    redemption_id: UUID
    by: Actor
    now: datetime
    pickup_id: UUID | None = None


class ReconcileHandOver(Value, frozen=True):
    """`quantity` was handed out at `handed_at` where there was no network: what is wrong with it is recorded, not refused."""

    pass_id: UUID
    group_id: UUID
    pickup_id: UUID
    quantity: int
    redemption_id: UUID
    handed_at: datetime
    by: Actor
    now: datetime


class ReplacePass(Value, frozen=True):
    """Goes with `IssuePass` for the next one in one append; `left` is what that one is for: otherwise `pass_changed`."""

    pass_id: UUID
    replacement_id: UUID
    left: int
    by: Actor
    now: datetime


class VoidPass(Value, frozen=True):
    pass_id: UUID
    by: Actor
    now: datetime


ChangePass = RedeemPass | ReconcileHandOver | ReplacePass | VoidPass
PassCommand = IssuePass | ChangePass
