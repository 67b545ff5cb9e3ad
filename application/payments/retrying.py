"""Trying a payment again: the provider must have such a way to pay."""

from application.handler import Appended, Handler
from application.payments.ports import Providers
from application.ports import Meta
from domain.decider import Rejected
from domain.payments.commands import RetryPayment
from domain.payments.payment import payments
from domain.payments.standing import Requested


def require_method(providers: Providers, provider: str, method: str, currency: str, within: str = "") -> None:
    """Refuses `provider_unknown` and `method_unknown`, before anything is asked of anyone; `within` begins their pointers."""
    found = providers.get(provider)
    if found is None:
        raise Rejected("provider_unknown", f"Known: {', '.join(sorted(providers))}.", pointer=f"{within}/provider")
    if not found.accepts(method, currency):
        raise Rejected("method_unknown", f"{provider} has no such way to pay in {currency}.", pointer=f"{within}/method")


class Retry:
    def __init__(self, handle: Handler, providers: Providers) -> None:
        self._handle = handle
        self._providers = providers

    def __call__(self, command: RetryPayment, meta: Meta, expected: int | None) -> Appended:
        payment = self._handle.state(command.payment_id, payments)
        if isinstance(payment, Requested):
            require_method(self._providers, command.provider, command.method, payment.currency)
        return self._handle(command.payment_id, command, meta, expected)
