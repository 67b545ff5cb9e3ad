"""The ledger: accounts and what they hold, every entry, and the proof that all of it sums to zero."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request
from litestar.params import FromPath, QueryParameter
from msgspec import Meta, Struct
from msgspec.structs import asdict

from domain.payments.accounts import Chart, Side, balance, side
from domain.payments.ledger import Cause
from domain.values import Role, Value
from interfaces.http.answers import records_file, wants_csv
from interfaces.http.caller import Caller, requires, signed_in
from interfaces.http.errors import Problem, problems
from interfaces.http.requests import Given
from interfaces.http.routes import get
from interfaces.http.streams import CSV
from projections.payments import ledger
from projections.payments.ledger import ACCOUNTS, STATEMENT, TRIAL, between, entries_of, journal, visible_to
from projections.ports import Entry, Journals, Total
from projections.sql import ALL, Where, equals
from projections.view import Sum

WATCHERS = requires(Role.ADMIN, Role.AUDITOR)

NAME = "[A-Za-z0-9:_-]{1,100}"
Account = Annotated[str | None, QueryParameter(pattern=f"^{NAME}$", description="Such as `platform:fees` or `seller:<id>:pending`.")]
Currency = Annotated[str | None, QueryParameter(pattern="^[A-Z]{3}$", description="Only of this currency.")]
Since = Annotated[datetime | None, QueryParameter(name="from", description="Only what was moved at this moment or later.")]
Until = Annotated[datetime | None, QueryParameter(name="to", description="Only what was moved before this moment.")]
Limit = Annotated[int, QueryParameter(ge=1, le=1000, description="How many at most.")]
Cursor = Annotated[str | None, QueryParameter(max_length=500, description="`next` of the page before.")]

MOST = 1000
"""Lines that a file of totals is read by at a time."""


class LedgerEntry(ledger.Entry, frozen=True, kw_only=True):
    """`id` tells the entry's place in the books, which are never rewritten."""

    cause: Cause
    account: Annotated[str, Meta(examples=["platform:fees"])]
    chart: Chart
    currency: Annotated[str, Meta(examples=["USD"])]
    id: Annotated[str, Meta(examples=["4711.0"])]


class LedgerEntries(Struct, frozen=True):
    items: list[LedgerEntry]
    next: str | None


class AccountBalance(Value, frozen=True):
    """`balance` is seen from the account's own side, by which it grows: debts and income by credit, claims and costs by debit."""

    account: Annotated[str, Meta(examples=["platform:fees"])]
    chart: Chart
    currency: Annotated[str, Meta(examples=["USD"])]
    side: Side
    debit: int
    credit: int
    balance: int
    entries: int


class AccountList(Struct, frozen=True):
    items: list[AccountBalance]
    next: str | None


class AccountStatement(Value, frozen=True):
    """What an account held before the first moment, what came and went until the second, and what it held then."""

    account: Annotated[str, Meta(examples=["platform:fees"])]
    chart: Chart
    currency: Annotated[str, Meta(examples=["USD"])]
    side: Side
    opening: int
    debit: int
    credit: int
    closing: int
    entries: int


class StatementList(Struct, frozen=True):
    """One for each currency."""

    items: list[AccountStatement]
    next: None = None


class TrialLine(Value, frozen=True):
    """All accounts of a kind and currency together."""

    chart: Chart
    currency: Annotated[str, Meta(examples=["USD"])]
    side: Side
    debit: int
    credit: int
    balance: int
    entries: int


class TrialTotal(Value, frozen=True):
    """Of one currency: `difference` is debit less credit, and zero."""

    currency: Annotated[str, Meta(examples=["USD"])]
    debit: int
    credit: int
    difference: int


class TrialBalance(Value, frozen=True):
    """`balanced` says that every currency sums to zero."""

    balanced: bool
    totals: list[TrialTotal]
    items: list[TrialLine]


class LedgerQueries(Controller):
    """Amounts are in minor units of the entry's currency.

    Everyone sees the accounts that are his, such as a seller what he has earned; admins and auditors see all.
    """

    path = "/v1/ledger"
    tags = ("ledger",)

    @get(
        "/accounts",
        guards=[signed_in],
        sync_to_thread=True,
        opt={"projection": journal.name, "also": CSV},
        responses=problems("bad_cursor"),
    )
    def accounts(
        self,
        request: Request[Any, Any, Any],
        caller: Given[Caller],
        journals: Given[Journals],
        currency: Currency = None,
        limit: Limit = 100,
        cursor: Cursor = None,
    ) -> AccountList:
        """Every account and what it holds now, in the order of their names; with `Accept: text/csv` all of them as a file."""
        where = visible_to(caller.actor) & in_currency(currency)
        if wants_csv(request):
            lines = map(account_balance, every_total(journals, ACCOUNTS, where))
            answer: Any = records_file("accounts", AccountBalance, lines)
            return answer
        found = journals.totals(journal, ACCOUNTS, where, limit=limit, cursor=cursor)
        return AccountList([account_balance(each) for each in found.items], found.next)

    @get(
        "/accounts/{account:str}/statement",
        guards=[signed_in],
        sync_to_thread=True,
        opt={"projection": journal.name},
        responses=problems("account_not_found"),
    )
    def statement(
        self, account: FromPath[str], caller: Given[Caller], journals: Given[Journals], since: Since = None, until: Until = None
    ) -> StatementList:
        """What an account held at the beginning and at the end, and what was moved between; the entries are at `/v1/ledger/entries`."""
        if not re.fullmatch(NAME, account):
            raise missing()
        own = visible_to(caller.actor) & equals("account", account)
        moved = {each.group["currency"]: each for each in every_total(journals, STATEMENT, own & between(since, until))}
        before = {each.group["currency"]: each for each in every_total(journals, STATEMENT, own & between(None, since))} if since else {}
        if not moved and not before and not journals.page(journal, own, limit=1).items:
            raise missing()
        return StatementList([statement_of(account, before.get(each), moved.get(each)) for each in sorted({*before, *moved})])

    @get(
        "/entries",
        guards=[signed_in],
        sync_to_thread=True,
        opt={"projection": journal.name, "also": CSV},
        responses=problems("bad_cursor"),
    )
    def entries(
        self,
        request: Request[Any, Any, Any],
        caller: Given[Caller],
        journals: Given[Journals],
        order: Annotated[UUID | None, QueryParameter(description="Only what was moved for this order.")] = None,
        payment: Annotated[UUID | None, QueryParameter(description="Only what this payment moved.")] = None,
        group: Annotated[UUID | None, QueryParameter(description="Only what was moved for this group purchase.")] = None,
        account: Account = None,
        since: Since = None,
        until: Until = None,
        limit: Limit = 100,
        cursor: Cursor = None,
    ) -> LedgerEntries:
        """Entries, the newest first; with `Accept: text/csv` all that are asked for as a file, the oldest first."""
        where = visible_to(caller.actor) & entries_of(order, payment, account, group) & between(since, until)
        if wants_csv(request):
            answer: Any = records_file("ledger", LedgerEntry, map(listed, journals.every(journal, where)))
            return answer
        found = journals.page(journal, where, limit=limit, cursor=cursor)
        return LedgerEntries([listed(each) for each in found.items], found.next)

    @get("/trial-balance", guards=[WATCHERS], sync_to_thread=True, opt={"projection": journal.name, "also": CSV})
    def trial_balance(self, request: Request[Any, Any, Any], journals: Given[Journals]) -> TrialBalance:
        """What all accounts of each kind hold, and that everything sums to zero, per currency; as a file with `Accept: text/csv`."""
        lines = list(map(trial_line, every_total(journals, TRIAL, ALL)))
        if wants_csv(request):
            answer: Any = records_file("trial-balance", TrialLine, lines)
            return answer
        totals = [trial_total(currency, lines) for currency in sorted({each.currency for each in lines})]
        return TrialBalance(all(each.difference == 0 for each in totals), totals, lines)


def missing() -> Problem:
    return Problem(404, "account_not_found", "Nothing was ever moved there.")


def in_currency(currency: str | None) -> Where:
    return ALL if currency is None else equals("currency", currency)


def every_total(journals: Journals, sums: Sum, where: Where) -> Iterator[Total]:
    """All groups, read page by page."""
    cursor: str | None = None
    while True:
        found = journals.totals(journal, sums, where, limit=MOST, cursor=cursor)
        yield from found.items
        cursor = found.next
        if cursor is None:
            return


def listed(entry: Entry[ledger.Entry]) -> LedgerEntry:
    return LedgerEntry(**asdict(entry.row), id=f"{entry.position}.{entry.ordinal}")


def account_balance(total: Total) -> AccountBalance:
    chart, debit, credit = Chart(total.group["chart"]), total.of["debit"], total.of["credit"]
    held = balance(chart, debit, credit)
    return AccountBalance(total.group["account"], chart, total.group["currency"], side(chart), debit, credit, held, total.entries)


def trial_line(total: Total) -> TrialLine:
    chart, debit, credit = Chart(total.group["chart"]), total.of["debit"], total.of["credit"]
    return TrialLine(chart, total.group["currency"], side(chart), debit, credit, balance(chart, debit, credit), total.entries)


def trial_total(currency: str, lines: Iterable[TrialLine]) -> TrialTotal:
    mine = [each for each in lines if each.currency == currency]
    debit, credit = sum(each.debit for each in mine), sum(each.credit for each in mine)
    return TrialTotal(currency, debit, credit, debit - credit)


def statement_of(account: str, before: Total | None, moved: Total | None) -> AccountStatement:
    """Of one currency, in which something was moved before or meanwhile."""
    group = (before or moved or NOTHING).group
    chart = Chart(group["chart"])
    earlier, meanwhile = (before or NOTHING).of, (moved or NOTHING).of
    opening = balance(chart, earlier["debit"], earlier["credit"])
    debit, credit = meanwhile["debit"], meanwhile["credit"]
    closing = opening + balance(chart, debit, credit)
    entries = (moved or NOTHING).entries
    return AccountStatement(account, chart, group["currency"], side(chart), opening, debit, credit, closing, entries)


NOTHING = Total({}, {"debit": 0, "credit": 0}, 0)
