"""What has happened to discount codes. All amounts are in minor units."""

from datetime import datetime
from uuid import UUID

from domain.values import Value


class CodeTerms(Value, frozen=True):
    """Takes off either `basis_points` of the goods (1,000 is 10 %) or an `amount`, where they cost at least `minimum`.

    `limit` is how many checkouts may use it. Without a `currency` it holds for prices in any.
    """

    basis_points: int | None = None
    amount: int | None = None
    currency: str = ""
    minimum: int = 0
    once_per_user: bool = False
    limit: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


class CodeDeclared(Value, frozen=True):
    """Declared again, these terms replace those before."""

    code_id: UUID
    code: str
    terms: CodeTerms
    by: UUID
    at: datetime


class CodeWithdrawn(Value, frozen=True):
    code_id: UUID
    by: UUID
    at: datetime


class CodeUsed(Value, frozen=True):
    """`uses` is how many checkouts hold the code now, this one included."""

    code_id: UUID
    checkout_id: UUID
    orders: tuple[UUID, ...]
    user_id: UUID
    uses: int
    at: datetime


class CodeGivenBack(Value, frozen=True):
    """One order of a checkout was cancelled; the last one makes the code free again."""

    code_id: UUID
    checkout_id: UUID
    order_id: UUID
    user_id: UUID
    uses: int
    at: datetime


CodeEvent = CodeDeclared | CodeWithdrawn | CodeUsed | CodeGivenBack
