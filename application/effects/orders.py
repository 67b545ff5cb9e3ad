"""What events of orders and their payments owe: letters and texts to the buyer."""

from application.effects.effect import Notice
from domain.orders.events import OrderCancelled, OrderConfirmed, OrderDelivered, OrderDispatched, OrderPacked
from domain.payments.events import PaymentFailed

NOTICES = (
    Notice(OrderConfirmed, "order_confirmed"),
    Notice(OrderPacked, "order_packed"),
    Notice(OrderDispatched, "order_dispatched"),
    Notice(OrderDelivered, "order_delivered"),
    Notice(OrderCancelled, "order_cancelled"),
    Notice(PaymentFailed, "payment_failed"),
)
