"""Work that is asked of payment providers, of their subscriptions too, and the hearing of what they say."""

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


class AskPayment(Value, frozen=True, tag="ask_payment"):
    """Ask the provider what has become of a payment, without waiting for its message."""

    payment_id: UUID


class HandleMessage(Value, frozen=True, tag="handle_message"):
    """Deal with a provider's message, which was kept as it came."""

    message_id: UUID


class ComparePayments(Value, frozen=True, tag="compare_payments"):
    """Compare our payments with the provider's books."""

    provider: str


class SendSandboxMessage(Value, frozen=True, tag="send_sandbox_message"):
    """Let the sandbox tell us something, as a provider would."""

    message_id: UUID


class SendPayout(Value, frozen=True, tag="send_payout"):
    """Have the provider pay a seller."""

    payout_id: UUID


class AskPayout(Value, frozen=True, tag="ask_payout"):
    """Ask the provider what has become of a payout that it has taken on."""

    payout_id: UUID


class PayOutGroup(Value, frozen=True, tag="pay_out_group"):
    """Pay the seller of a group that is settled, as soon as the ledger has come to it."""

    group_id: UUID


class OpenCheckout(Value, frozen=True, tag="open_checkout"):
    """Have the provider make a page on which the tier of this revision is paid for."""

    user_id: UUID
    revision: int


class FollowCheckout(Value, frozen=True, tag="follow_checkout"):
    """Ask what has become of that page."""

    user_id: UUID
    revision: int


class FollowTier(Value, frozen=True, tag="follow_tier"):
    """Ask how the subscription stands that a member holds."""

    user_id: UUID


class ChangeSubscription(Value, frozen=True, tag="change_subscription"):
    """Have the provider charge for another tier from now on."""

    user_id: UUID
    revision: int


class SettleRenewal(Value, frozen=True, tag="settle_renewal"):
    """Tell the provider whether the subscription goes on after the period that is paid."""

    user_id: UUID


class RetryCharge(Value, frozen=True, tag="retry_charge"):
    """Try once more to charge what was missed, unless more has happened since this attempt."""

    user_id: UUID
    revision: int
    attempt: int


class EndSubscription(Value, frozen=True, tag="end_subscription"):
    """End at the provider the subscription of this revision, which nobody pays or nobody needs."""

    user_id: UUID
    revision: int


PaymentCall = BeginAttempt | CaptureAttempt | CancelAttempts | PayRefund | AskPayment
TierWork = OpenCheckout | FollowCheckout | FollowTier | ChangeSubscription | SettleRenewal | RetryCharge | EndSubscription
PayoutWork = SendPayout | AskPayout | PayOutGroup
PaymentWork = PaymentCall | PayoutWork | HandleMessage | ComparePayments | SendSandboxMessage | TierWork
