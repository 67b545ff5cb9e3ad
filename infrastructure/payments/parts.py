"""What payments are made of, wired: providers, their jobs, and what commands and queries need of them."""

from contextlib import ExitStack
from functools import cached_property
from typing import Any
from uuid import UUID

from psycopg_pool import ConnectionPool

from application.commands.groups.contributions import Contribute
from application.commands.tiers import AskTier
from application.handler import Handler
from application.jobs.ports import History
from application.payments.calls import Calls
from application.payments.doing import PaymentJobs
from application.payments.messages import HandleMessage
from application.payments.payouts import PayOut, PayoutJobs, PayoutProviders
from application.payments.ports import PaymentProvider, Providers
from application.payments.reconciliation import Compare
from application.payments.retrying import Retry
from application.ports import Clock, Ids
from application.tiers.jobs import TierJobs
from application.tiers.ports import TierProviders
from infrastructure.payments.bodies import Bodies
from infrastructure.payments.books import PaymentBooks
from infrastructure.payments.flutterwave.provider import Flutterwave
from infrastructure.payments.flutterwave.wire import NAME as FLUTTERWAVE
from infrastructure.payments.sandbox.messages import Messenger, Post, over_http
from infrastructure.payments.sandbox.provider import Sandbox
from infrastructure.payments.stripe import provider as stripe
from infrastructure.payments.stripe import wire
from infrastructure.payments.tiers import TierCheckouts
from infrastructure.payments.transfers.earnings import LedgerEarnings
from infrastructure.readstores.journals.queries import PostgresJournals
from infrastructure.security.signed_ids import SignedIds
from infrastructure.settings import Settings
from projections.rates import DEFAULT, Rates

SANDBOX = "sandbox"


class PaymentParts:
    """`post` is how the sandbox reaches us; tests put another in its place before anything is done, and need no server."""

    def __init__(
        self,
        settings: Settings,
        pool: ConnectionPool[Any],
        read_pool: ConnectionPool[Any],
        handle: Handler,
        history: History,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._settings = settings
        self._pool = pool
        self._handle = handle
        self._history = history
        self._clock = clock
        self._closing = ExitStack()
        bodies = Bodies(settings.key("payment-messages"))
        self.books = PaymentBooks(pool, clock, ids, bodies)
        self.desk = PaymentBooks(read_pool, clock, ids, bodies)
        self.pay_tokens = SignedIds(settings.key("pay-tokens"))
        self.post: Post = over_http(f"{settings.public_url}/v1/webhooks/{SANDBOX}")

    def close(self) -> None:
        self._closing.close()

    def pay_at(self, payment_id: UUID) -> str:
        """An address that leads whoever has it to where this payment is paid, which its provider may still have to say."""
        return f"{self._settings.public_url}/pay/{self.pay_tokens.sign(payment_id)}"

    @cached_property
    def sandbox(self) -> Sandbox | None:
        """For trying things out; away as soon as a real provider's key is set, unless asked for."""
        settings = self._settings
        return Sandbox(self._pool, settings.key("sandbox"), settings.public_url, self._clock) if settings.sandbox_payments else None

    @cached_property
    def providers(self) -> Providers:
        found: dict[str, PaymentProvider] = {}
        if self.sandbox:
            found[SANDBOX] = self.sandbox
        if self._settings.stripe:
            found[wire.NAME] = paid = stripe.StripeProvider(self._settings.stripe)
            self._closing.callback(paid.close)
        if self._settings.flutterwave:
            found[FLUTTERWAVE] = sent = Flutterwave(self._settings.flutterwave)
            self._closing.callback(sent.close)
        return found

    @cached_property
    def tier_providers(self) -> TierProviders:
        """New members pay at Stripe where it is configured."""
        found = {name: self.providers[name] for name in (wire.NAME, SANDBOX) if name in self.providers}
        return {name: each.tiers for name, each in found.items() if isinstance(each, stripe.StripeProvider | Sandbox)}

    @cached_property
    def checkouts(self) -> TierCheckouts:
        return TierCheckouts(self._pool)

    @cached_property
    def tiers(self) -> TierJobs:
        site = self._settings.public_url
        return TierJobs(self._handle, self._history, self.tier_providers, self.checkouts, site, self._clock)

    @cached_property
    def ask_tier(self) -> AskTier:
        return AskTier(self._handle, self.tier_providers)

    @cached_property
    def compare(self) -> Compare:
        return Compare(self._handle, self.providers, self.books, self.books, self._clock)

    @cached_property
    def payout_providers(self) -> PayoutProviders:
        """By a real provider where one is configured."""
        found = [(name, self.providers.get(name)) for name in (FLUTTERWAVE, SANDBOX)]
        return {name: each.transfers for name, each in found if isinstance(each, Flutterwave | Sandbox)}

    @cached_property
    def pay_out(self) -> PayOut:
        return PayOut(self._handle, self.payout_providers, LedgerEarnings(PostgresJournals(self._pool)))

    @cached_property
    def payouts(self) -> PayoutJobs:
        return PayoutJobs(self._handle, self._history, self.pay_out, self.payout_providers, self._clock)

    @cached_property
    def jobs(self) -> PaymentJobs:
        calls = Calls(self._handle, self.providers, self.books, self._settings.public_url, self._clock)
        messages = HandleMessage(self._handle, self.providers, self.books, self.books, self.payouts, self._clock)
        messenger = Messenger(self._pool, self._settings.key("sandbox"), self.post, self._clock)
        return PaymentJobs(calls, messages, self.compare, messenger, self.tiers, self.payouts)

    @cached_property
    def contribute(self) -> Contribute:
        return Contribute(self._handle, self.providers, Rates.load(self._settings.rates or DEFAULT))

    @cached_property
    def retry(self) -> Retry:
        return Retry(self._handle, self.providers)
