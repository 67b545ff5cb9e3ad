"""Work that is asked of payment providers, and the hearing of what they say."""

from uuid import UUID

from domain.values import Value


class BeginAttempt(Value, frozen=True, tag="begin_attempt"):
    """Ask the provider for the money."""

    payment_id: UUID
    attempt: int


class CaptureAttempt(Value, frozen=True, tag="capture_attempt"):
    """Take what was authorised."""

    payment_id: UUID
    attempt: int


class CancelAttempts(Value, frozen=True, tag="cancel_attempts"):
    """End at the provider whatever nobody waits for any longer."""

    payment_id: UUID


class PayRefund(Value, frozen=True, tag="pay_refund"):
    payment_id: UUID
    refund_id: UUID


class HandleMessage(Value, frozen=True, tag="handle_message"):
    """Deal with a provider's message, which was kept as it came."""

    message_id: UUID


class ComparePayments(Value, frozen=True, tag="compare_payments"):
    """Compare our payments with the provider's books."""

    provider: str


class SendSandboxMessage(Value, frozen=True, tag="send_sandbox_message"):
    """Let the sandbox tell us something, as a provider would."""

    message_id: UUID


PaymentCall = BeginAttempt | CaptureAttempt | CancelAttempts | PayRefund
PaymentWork = PaymentCall | HandleMessage | ComparePayments | SendSandboxMessage
