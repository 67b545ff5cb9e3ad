"""How an order is placed: what it is made of has to add up."""

from domain.decider import Rejected
from domain.orders.address import deliverable
from domain.orders.commands import PlaceOrder
from domain.orders.events import OrderPlaced


def place(command: PlaceOrder) -> OrderPlaced:
    if command.buyer_id == command.seller_id:
        raise Rejected("own_listing", "Nobody buys from himself.")
    if not adds_up(command):
        raise Rejected("totals_wrong", "The parts of the order do not add up to its total.")
    return OrderPlaced(
        command.order_id,
        command.checkout_id,
        command.buyer_id,
        command.seller_id,
        command.currency,
        command.lines,
        command.goods,
        command.delivery_fee,
        command.delivery_tax,
        command.discount,
        command.tax,
        command.total,
        deliverable(command.address),
        command.contact,
        command.payment_id,
        command.payment_due,
        command.now,
        command.spot,
        command.slot_id,
        command.starts_at,
        command.ends_at,
        command.zone,
        command.timezone,
        command.code,
        command.code_id,
        command.recurring_id,
        command.occurrence,
        command.guest,
        command.address.country,
        command.vat_number,
        command.reverse_charge,
    )


def adds_up(command: PlaceOrder) -> bool:
    """However an order was made, the parts of its price add up to the whole."""
    bought = command.lines
    return (
        bool(bought)
        and all(each.quantity > 0 and each.net + each.tax == each.total and min(each.net, each.tax, each.discount) >= 0 for each in bought)
        and command.goods == sum(each.quantity * each.unit_price for each in bought)
        and command.discount == sum(each.discount for each in bought)
        and command.tax == sum(each.tax for each in bought) + command.delivery_tax
        and command.total == sum(each.total for each in bought) + command.delivery_fee
        and 0 <= command.delivery_tax <= command.delivery_fee
    )
