"""Which letter or text is about what: from the event to whom it goes and what it tells."""

from typing import Any
from uuid import UUID

from application.credentials import Links
from application.invoices.ports import Archive
from application.jobs.draft import Draft
from application.jobs.letters.deliveries import Codes, DeliveryLetters
from application.jobs.letters.integrations import IntegrationLetters
from application.jobs.letters.invoices import InvoiceLetters
from application.jobs.letters.orders import Guests, OrderLetters
from application.jobs.letters.recurring import RecurringLetters
from application.jobs.letters.stock import StockLetters
from application.jobs.letters.tiers import TierLetters
from application.jobs.listings import ListingLetters
from application.jobs.ports import History, Skipped
from application.jobs.users import AccountLetters
from application.ports import Clock
from domain.deliveries.events import DeliveryFailed, DeliveryInTransit
from domain.integrations.endpoints.events import EndpointGivenUp
from domain.invoices.events import CreditNoteIssued, InvoiceIssued, InvoiceReminded
from domain.listings.events import ChangesRequested, InquirySent, ListingApproved, ListingRejected
from domain.notifications.events import StockAlertRaised
from domain.orders.events import OrderCancelled, OrderConfirmed, OrderDelivered, OrderDispatched, OrderPacked
from domain.payments.events import PaymentFailed
from domain.recorded import Recorded
from domain.stock.events import StockRanLow
from domain.subscriptions.events import OccurrenceFailed
from domain.subscriptions.tiers.events import PaymentMissed, TierCancelled, TierEnded, TierStarted
from domain.users.events import (
    EmailChanged,
    EmailChangeRequested,
    EmailVerificationRequested,
    EmailVerified,
    ErasureRequested,
    ErasureWithdrawn,
    PasswordChanged,
    PasswordResetRequested,
    UserReinstated,
    UserSuspended,
)
from domain.users.user import Registered, User, users
from domain.values import Value


class Drafts:
    """`site` is the address that links begin with."""

    def __init__(self, history: History, links: Links, guests: Guests, codes: Codes, papers: Archive, site: str, clock: Clock) -> None:
        self._history = history
        self._clock = clock
        self._accounts = AccountLetters(links, site, clock)
        self._listings = ListingLetters(history, site)
        self._orders = OrderLetters(history, guests, site)
        self._deliveries = DeliveryLetters(history, self._orders, codes)
        self._stock = StockLetters(history, site)
        self._recurring = RecurringLetters(history, site)
        self._invoices = InvoiceLetters(papers, guests, site)
        self._tiers = TierLetters(history, site)
        self._integrations = IntegrationLetters(history, site)

    def about(self, stream: UUID, version: int) -> tuple[Draft, User]:
        """The draft, and its recipient as he is by now. Raises `Skipped` where there is nothing to tell any more."""
        draft = self._draft(self._history.event(stream, version))
        return draft, users.fold(each.event for each in self._history.stream(draft.recipient))

    def _draft(self, recorded: Recorded[Any]) -> Draft:
        event: Value = recorded.event
        match event:
            case EmailVerificationRequested() | EmailChangeRequested() | PasswordResetRequested():
                return self._accounts.link(event, self._owner(recorded))
            case EmailVerified() | EmailChanged() | PasswordChanged() | UserSuspended() | UserReinstated():
                return self._accounts.told(event, self._owner(recorded))
            case ErasureRequested() | ErasureWithdrawn():
                return self._accounts.told(event, self._owner(recorded))
            case ListingApproved() | ListingRejected() | ChangesRequested():
                return self._listings.review(recorded)
            case InquirySent():
                return self._listings.inquiry(event)
            case _:
                return self._shop(event)

    def _shop(self, event: Value) -> Draft:
        match event:
            case OrderConfirmed() | OrderPacked() | OrderDispatched() | OrderDelivered() | OrderCancelled():
                return self._orders.order(event)
            case PaymentFailed():
                return self._orders.payment(event, self._clock())
            case DeliveryInTransit():
                return self._deliveries.on_its_way(event)
            case DeliveryFailed():
                return self._deliveries.failed(event)
            case OccurrenceFailed():
                return self._recurring.failed(event)
            case InvoiceIssued() | CreditNoteIssued():
                return self._invoices.paper(event)
            case InvoiceReminded():
                return self._invoices.reminder(event)
            case TierStarted() | PaymentMissed() | TierCancelled() | TierEnded():
                return self._tiers.told(event)
            case EndpointGivenUp():
                return self._integrations.given_up(event)
            case StockRanLow():
                return self._stock.low(event)
            case StockAlertRaised():
                return self._stock.back(event)
            case _:
                raise Skipped("no_letter")

    def _owner(self, recorded: Recorded[Any]) -> Registered:
        person = users.fold(each.event for each in self._history.stream(recorded.stream))
        if not isinstance(person, Registered):
            raise Skipped("no_person")
        return person
