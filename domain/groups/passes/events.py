"""What has happened to passes. Quantities are pieces."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.goods import Unit
from domain.groups.values import PickupPlace
from domain.values import Value


class PassStatus(StrEnum):
    """How much of what a pass is for has been handed out; that its time is over, the clock alone says."""

    ISSUED = "issued"
    PARTLY_REDEEMED = "partly_redeemed"
    REDEEMED = "redeemed"
    VOID = "void"
    WITHDRAWN = "withdrawn"


class Voiding(StrEnum):
    """Why a pass counts no longer."""

    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class Clash(StrEnum):
    """Why what was handed out where there was no network should not have been."""

    USED = "pass_used"
    VOID = "pass_void"
    EXPIRED = "pass_expired"
    ELSEWHERE = "pass_elsewhere"


class PassIssued(Value, frozen=True):
    """`number` counts a member's passes from 1; of several only the last one is good.

    `organiser_id`, `title`, `sku`, `unit` and `pickup` repeat the group's, for whoever stands at the counter.
    """

    pass_id: UUID
    group_id: UUID
    member_id: UUID
    pickup_id: UUID
    quantity: int
    number: int
    expires_at: datetime
    at: datetime
    organiser_id: UUID | None = None
    title: str = ""
    sku: str = ""
    unit: Unit = Unit.PIECE
    pickup: PickupPlace | None = None


class PassRedeemed(Value, frozen=True):
    """`quantity` was handed out at `handed_at`, by the clock of who did it, and `left` is still to come."""

    pass_id: UUID
    group_id: UUID
    member_id: UUID
    quantity: int
    left: int
    redemption_id: UUID
    by: UUID
    at: datetime
    pickup_id: UUID | None = None
    handed_at: datetime | None = None


class HandOverClashed(Value, frozen=True):
    """Handed out where there was no network, and `excess` pieces of it should not have been: somebody has to look into it."""

    pass_id: UUID
    group_id: UUID
    member_id: UUID
    pickup_id: UUID
    quantity: int
    excess: int
    reason: Clash
    redemption_id: UUID
    by: UUID
    handed_at: datetime
    at: datetime


class PassVoided(Value, frozen=True):
    """`replaced_by` is the pass that counts instead, for what was `left`."""

    pass_id: UUID
    group_id: UUID
    member_id: UUID
    reason: Voiding
    at: datetime
    by: UUID | None = None
    left: int = 0
    replaced_by: UUID | None = None


PassEvent = PassIssued | PassRedeemed | HandOverClashed | PassVoided
