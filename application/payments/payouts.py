"""Paying sellers what is due to them: asked for by themselves or by a group that is settled, sent once, and asked after."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID, uuid5

from msgspec import Struct

from application.commands.suppliers.acting import company
from application.effects.calls import AskPayout, PayOutGroup, PayoutWork, SendPayout
from application.handler import Appended, Handler
from application.jobs.ports import History, Skipped
from application.payments.transfers import Arrived, Payee, PayoutProvider, SeenTransfer, Transfer
from application.ports import Clock, Meta, Unavailable
from domain.decider import Rejected
from domain.groups.events import GroupSettled
from domain.payments.payouts.commands import PayoutReport, ReportFailed, ReportPaid, ReportSent, RequestPayout, RetryPayout, TakeOut
from domain.payments.payouts.payout import Asked, payouts
from domain.payments.payouts.purse import purse_id, purses
from domain.suppliers.seat import seat_id, seats
from domain.suppliers.supplier import Company
from domain.trade import Bank
from domain.values import SYSTEM, Actor, Erased

PayoutProviders = Mapping[str, PayoutProvider]
"""Those that can pay out, by name; the first is taken where none is asked for."""


@runtime_checkable
class Earnings(Protocol):
    """What the ledger says."""

    def earned(self, seller_id: UUID, currency: str) -> int:
        """All that has become due to a seller, whatever of it was paid out."""
        ...

    def settled(self, group_id: UUID) -> bool:
        """Whether it has come to the end of this group."""
        ...


class Wanted(Struct, frozen=True):
    """Without an amount all that is due; without a provider the first there is."""

    payout_id: UUID
    seller_id: UUID
    currency: str
    amount: int | None = None
    provider: str = ""
    group_id: UUID | None = None


class PayOut:
    """`pay_out(wanted, by, now, meta)`: taken from the purse and asked for in one append."""

    def __init__(self, handle: Handler, providers: PayoutProviders, earnings: Earnings) -> None:
        self._handle = handle
        self._providers = providers
        self._earnings = earnings

    def __call__(self, wanted: Wanted, by: Actor, now: datetime, meta: Meta) -> Appended:
        """`bank_details_missing`, `bank_currency_differs`, `payout_unsupported` and `balance_insufficient`."""
        if before := self._handle.before(meta, purses, payouts):
            return before[1]
        seller_id, currency, provider = wanted.seller_id, wanted.currency, wanted.provider
        name = provider or next(iter(self._providers), "")
        if name not in self._providers:
            raise Rejected("payout_unsupported", f"Paid out by: {', '.join(self._providers) or 'nobody'}.", pointer="/provider")
        paid = self._company(seller_id)
        bank = paid.bank
        if bank is None or isinstance(bank, Erased):
            raise Rejected("bank_details_missing", "Say first which account of the company is paid.")
        if bank.currency != currency:
            raise Rejected("bank_currency_differs", f"The account is in {bank.currency}.", pointer="/currency")
        id, purse = wanted.payout_id, purse_id(seller_id, currency)
        earned = self._earnings.earned(seller_id, currency)
        left = max(earned - self._handle.state(purse, purses).taken, 0)
        amount = wanted.amount if wanted.amount is not None else left
        about = (id, seller_id, paid.supplier_id, paid.owner_id, currency, amount, name, bank)
        taken = TakeOut(seller_id, currency, id, 1, amount, earned, now)
        return self._handle.together([(purse, taken), (id, RequestPayout(*about, wanted.group_id, by, now))], meta)[1]

    def again(self, payout_id: UUID, by: Actor, now: datetime, meta: Meta) -> Appended:
        """Send once more what failed, if it is still due."""
        payout = self._handle.state(payout_id, payouts)
        if not isinstance(payout, Asked):
            raise Rejected("payout_not_found")
        earned = self._earnings.earned(payout.seller_id, payout.currency)
        taken = TakeOut(payout.seller_id, payout.currency, payout_id, payout.attempt + 1, payout.amount, earned, now)
        purse = purse_id(payout.seller_id, payout.currency)
        return self._handle.together([(payout_id, RetryPayout(payout_id, by, now)), (purse, taken)], meta)[0]

    def _company(self, seller_id: UUID) -> Company:
        seat = self._handle.state(seat_id(seller_id), seats).supplier_id
        if seat is None:
            raise Rejected("bank_details_missing", "Payouts go to companies that have signed up as suppliers.")
        found = company(self._handle, seat)
        if found.seller_id != seller_id:
            raise Rejected("not_yours", "The company is paid through its owner.")
        return found

    def settled(self, group_id: UUID) -> bool:
        return self._earnings.settled(group_id)


class PayoutJobs:
    """Sends payouts, asks after them, and pays the seller of a group that is settled."""

    def __init__(self, handle: Handler, history: History, pay_out: PayOut, providers: PayoutProviders, clock: Clock) -> None:
        self._handle = handle
        self._history = history
        self._pay_out = pay_out
        self._providers = providers
        self._clock = clock

    def __call__(self, job_id: UUID, work: PayoutWork, correlation_id: UUID) -> None:
        match work:
            case SendPayout(payout_id):
                self.report(self._sent(payout_id), job_id, correlation_id)
            case AskPayout(payout_id):
                seen = self._found(payout_id)
                if seen is None or seen.state is Arrived.PENDING:
                    raise Unavailable("payout is on its way")
                self.report(seen, job_id, correlation_id)
            case PayOutGroup(group_id):
                self._group(group_id, job_id, correlation_id)

    def report(self, seen: SeenTransfer, cause: UUID, correlation_id: UUID) -> PayoutReport:
        """What was heard, as a command; its id follows from what caused it, so that hearing it again repeats nothing."""
        now, about = self._clock(), (seen.payout_id, seen.attempt)
        command: PayoutReport = ReportSent(*about, seen.reference, now)
        if seen.state is Arrived.PAID:
            command = ReportPaid(*about, seen.reference, seen.fee, now)
        elif seen.state is Arrived.FAILED:
            command = ReportFailed(*about, seen.code or "refused", now)
        meta = Meta(uuid5(cause, f"{type(command).__name__} {seen.attempt}"), SYSTEM.id, correlation_id, cause)
        self._handle(seen.payout_id, command, meta)
        return command

    def _sent(self, payout_id: UUID) -> SeenTransfer:
        """Found before it is sent: an answer that was lost is no second transfer."""
        payout = self._payout(payout_id)
        provider = self._providers.get(payout.provider)
        if provider is None or isinstance(payout.bank, Erased):
            return SeenTransfer(payout_id, payout.attempt, "", Arrived.FAILED, code="payout_unsupported")
        wanted = transfer(payout, payout.bank, self._payee(payout.supplier_id))
        return provider.find(wanted) or provider.send(wanted)

    def _found(self, payout_id: UUID) -> SeenTransfer | None:
        payout = self._payout(payout_id)
        provider = self._providers.get(payout.provider)
        return None if provider is None or isinstance(payout.bank, Erased) else provider.find(transfer(payout, payout.bank))

    def _payee(self, supplier_id: UUID) -> Payee:
        found = company(self._handle, supplier_id)
        contact, address = found.contact, found.address
        return Payee(None if isinstance(contact, Erased) else contact, None if isinstance(address, Erased) else address)

    def _payout(self, payout_id: UUID) -> Asked:
        found = self._handle.state(payout_id, payouts)
        if not isinstance(found, Asked) or not found.open:
            raise Skipped("payout_over")
        return found

    def _group(self, group_id: UUID, job_id: UUID, correlation_id: UUID) -> None:
        """What the seller has of it, in the currency of his account; the rest stays due to him."""
        settled = next((each.event for each in self._history.stream(group_id) if isinstance(each.event, GroupSettled)), None)
        if settled is None:
            raise Skipped("not_settled")
        if not self._pay_out.settled(group_id):
            raise Unavailable("the ledger has not come to it")
        for each in settled.holdings:
            id, meta = uuid5(group_id, f"payout {each.currency}"), Meta(uuid5(job_id, each.currency), SYSTEM.id, correlation_id, job_id)
            wanted = Wanted(id, settled.seller_id, each.currency, each.amount - each.fee, group_id=group_id)
            try:
                self._pay_out(wanted, SYSTEM, self._clock(), meta)
            except Rejected as refused:
                # It stays due, and is paid out when the seller asks for it.
                if refused.code not in {"bank_details_missing", "bank_currency_differs", "payout_unsupported", "balance_insufficient"}:
                    raise


def transfer(payout: Asked, bank: Bank, payee: Payee | None = None) -> Transfer:
    return Transfer(f"{payout.id}.{payout.attempt}", payout.id, payout.attempt, payout.currency, payout.amount, bank, payee or Payee())
