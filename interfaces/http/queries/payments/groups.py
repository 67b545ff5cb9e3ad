"""The money of a group purchase: what its members have paid, what is held, what went back and what was settled."""

from collections.abc import Collection, Sequence
from uuid import UUID

from litestar import Controller
from litestar.params import FromPath
from msgspec import Struct

from domain.payments.accounts import Chart
from domain.payments.ledger import Cause
from domain.values import Actor, Money, Role, Value
from interfaces.http.caller import Caller, signed_in
from interfaces.http.errors import Problem, problems
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.groups.page import view as group_page
from projections.payments.ledger import GROUP, journal
from projections.ports import Documents, Journals, Total
from projections.sql import ALL, Where, equals

MOST = 1_000
"""Causes and accounts in a few currencies."""

OURS = frozenset({Chart.GROUP_HELD, Chart.HELD})
"""With what came too late or in a wrong amount, until it has gone back."""


class GroupMoney(Value, frozen=True):
    """In one currency of payments: `received == held + returning + returned + fee + settled`.

    `held` is with what came too late or in a wrong amount, `returning` on its way back to members. What of it a member's bank gave
    back itself is `returned` too.
    When the group is settled, the platform has the `fee` and the seller the rest.
    """

    received: Money
    held: Money
    returning: Money
    returned: Money
    fee: Money
    settled: Money


class GroupMoneyList(Struct, frozen=True):
    """One for each currency in which members have paid."""

    items: list[GroupMoney]


class GroupMoneyQueries(Controller):
    path = "/v1/groups/{group_id:uuid}/money"
    tags = ("groups",)

    @get("/", guards=[signed_in], sync_to_thread=True, opt={"projection": journal.name}, responses=problems("group_not_found"))
    def money(
        self, group_id: FromPath[UUID], caller: Given[Caller], documents: Given[Documents], journals: Given[Journals]
    ) -> GroupMoneyList:
        """What is held of the members' money: for the organiser, the seller, staff and auditors.

        The entries behind it are at `/v1/ledger/entries?group=`.
        """
        if documents.one(group_page, group_id, visible_to(caller.actor)) is None:
            raise Problem(404, "group_not_found")
        found = journals.totals(journal, GROUP, equals("group_id", group_id), limit=MOST).items
        return GroupMoneyList([money_in(each, found) for each in sorted({total.group["currency"] for total in found})])


def visible_to(by: Actor) -> Where:
    if by.is_any(Role.STAFF, Role.ADMIN, Role.AUDITOR):
        return ALL
    return Where("page_organiser_id = %(caller)s OR page_seller_id = %(caller)s", {"caller": by.id})


def money_in(currency: str, totals: Sequence[Total]) -> GroupMoney:
    def came(charts: Collection[Chart], *causes: Cause) -> int:
        """Credit less debit of these accounts, for these causes or for all."""
        return sum(
            each.of["credit"] - each.of["debit"]
            for each in totals
            if each.group["currency"] == currency and each.group["chart"] in charts and (not causes or each.group["cause"] in causes)
        )

    def money(amount: int) -> Money:
        return Money(amount, currency)

    return GroupMoney(
        money(came(OURS, Cause.CHARGE, Cause.HELD)),
        money(came(OURS)),
        money(came({Chart.REFUNDS})),
        money(came({Chart.RECEIVABLE}, Cause.REFUND_PAID, Cause.REFUND_FAILED) + came({Chart.LOSSES}, Cause.REFUND_MET)),
        money(-came(OURS, Cause.PLATFORM_FEE)),
        money(-came(OURS, Cause.SETTLEMENT)),
    )
