"""What has happened to the money of a group's members. Amounts are minor units of the group's currency unless said."""

from datetime import datetime
from uuid import UUID

from domain.groups.values import Owing, Returning
from domain.values import Value


class ContributionRequested(Value, frozen=True):
    """A member is asked to pay `amount` for the pieces reserved, as `paid_amount` in `paid_currency`.

    `rate` is what one unit of the group's currency costs in the other, with the day it holds for, where the currencies differ.
    """

    group_id: UUID
    member_id: UUID
    payment_id: UUID
    contribution_id: UUID
    seller_id: UUID
    quantity: int
    amount: int
    currency: str
    paid_currency: str
    paid_amount: int
    rate: str | None
    pay_by: datetime
    at: datetime


class ContributionPaid(Value, frozen=True):
    """`amount` counts in the group's currency. `paid` is how many pieces of the group are paid for now."""

    group_id: UUID
    member_id: UUID
    payment_id: UUID
    quantity: int
    amount: int
    paid: int
    at: datetime
    paid_currency: str = ""
    paid_amount: int = 0


class ContributionReturned(Value, frozen=True):
    """Money is to go back. With `instead_of` it is owed already: another try of that refund, which failed.

    `issue_id` is the issue of quality that members are compensated for.
    """

    group_id: UUID
    owing: Owing
    reason: Returning
    at: datetime
    instead_of: UUID | None = None
    issue_id: UUID | None = None


class ContributionRefunded(Value, frozen=True):
    """The member has it back: from us, or `by_bank` where his bank had taken it back itself."""

    group_id: UUID
    member_id: UUID
    payment_id: UUID
    refund_id: UUID
    amount: int
    at: datetime
    by_bank: bool = False


class ContributionRefundFailed(Value, frozen=True):
    """The member did not get it and is still owed it; `code` is the provider's reason."""

    group_id: UUID
    member_id: UUID
    payment_id: UUID
    refund_id: UUID
    amount: int
    at: datetime
    code: str = ""
