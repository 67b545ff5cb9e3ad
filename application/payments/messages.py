"""Dealing with what providers send: kept first, understood later, and kept visible where it is about nothing that we know."""

from uuid import UUID, uuid5

from application.handler import Handler
from application.jobs.ports import Refused
from application.payments.payouts import PayoutJobs
from application.payments.ports import AttemptBook, Handling, MessageBook, Providers, Seen
from application.payments.reports import report
from application.payments.transfers import SeenTransfer
from application.ports import Clock, Meta
from application.tiers import jobs as tiers
from application.tiers.ports import SeenTier
from domain.decider import Rejected
from domain.subscriptions.tiers.membership import membership_id
from domain.values import SYSTEM


class HandleMessage:
    def __init__(
        self, handle: Handler, providers: Providers, messages: MessageBook, attempts: AttemptBook, payouts: PayoutJobs, clock: Clock
    ) -> None:
        self._handle = handle
        self._providers = providers
        self._messages = messages
        self._attempts = attempts
        self._payouts = payouts
        self._clock = clock

    def __call__(self, message_id: UUID, correlation_id: UUID) -> None:
        """Done again, it repeats nothing: the command's id follows from the message's. What was refused is decided anew."""
        message = self._messages.message(message_id)
        provider = self._providers.get(message.provider)
        if provider is None:
            raise Refused(f"no provider {message.provider} is configured")
        said = provider.understand(message.body)
        if isinstance(said, SeenTier):
            self._tier(message_id, said, correlation_id)
            return
        if isinstance(said, SeenTransfer):
            self._transfer(message_id, said, correlation_id)
            return
        command = None if said is None else report(said, self._clock())
        if said is None or command is None:
            self._messages.handled(message_id, Handling.IGNORED, "", None if said is None else said.payment_id)
            return
        try:
            self._handle(said.payment_id, command, Meta(uuid5(message_id, type(command).__name__), SYSTEM.id, correlation_id, message_id))
        except Rejected as rejected:
            unknown = rejected.code.endswith("_not_found")
            self._messages.handled(message_id, Handling.UNKNOWN if unknown else Handling.REFUSED, rejected.code, said.payment_id)
            return
        if isinstance(said, Seen):
            self._attempts.keep(said)
        self._messages.handled(message_id, Handling.DONE, type(command).__name__, said.payment_id)

    def _tier(self, message_id: UUID, said: SeenTier, correlation_id: UUID) -> None:
        command = tiers.report(said, self._clock())
        # What a message is about may have moved on when it is dealt with again.
        id = uuid5(message_id, f"{said.stage} {said.held.revision} {said.held.period_ends} {said.attempt} {said.charge}")
        try:
            self._handle(membership_id(said.user_id), command, Meta(id, SYSTEM.id, correlation_id, message_id))
        except Rejected as rejected:
            unknown = rejected.code.endswith("_not_found")
            self._messages.handled(message_id, Handling.UNKNOWN if unknown else Handling.REFUSED, rejected.code, None)
            return
        self._messages.handled(message_id, Handling.DONE, type(command).__name__, None)

    def _transfer(self, message_id: UUID, said: SeenTransfer, correlation_id: UUID) -> None:
        try:
            command = self._payouts.report(said, message_id, correlation_id)
        except Rejected as rejected:
            unknown = rejected.code.endswith("_not_found")
            self._messages.handled(message_id, Handling.UNKNOWN if unknown else Handling.REFUSED, rejected.code, None)
            return
        self._messages.handled(message_id, Handling.DONE, type(command).__name__, None)
