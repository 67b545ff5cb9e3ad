"""Orders as they stand once they are paid, for journeys that begin there."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from application.ports import Meta
from domain.orders.commands import ConfirmOrder, PlaceOrder
from domain.trade import OrderLine, Spot
from domain.values import SYSTEM, Address
from tests.journeys.town import Person, Town

HOME = Address("Ana Sousa", ("Rua da Rosa 1",), "Lisboa", "1200-001", "PT")
ROSSIO = Spot(38.7139, -9.1394)


def window(town: Town) -> tuple[datetime, datetime]:
    """Tomorrow at noon, for two hours."""
    noon = town.clock().replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return noon, noon + timedelta(hours=2)


def confirmed(
    town: Town,
    seller: Person,
    buyer: UUID,
    contact: str,
    *,
    zone: UUID | None = None,
    spot: Spot | None = ROSSIO,
    guest: bool = False,
) -> UUID:
    """An order over two bottles of milk that the payment has arrived for."""
    order, payment, checkout, now = uuid4(), uuid4(), uuid4(), town.clock()
    starts_at, ends_at = window(town)
    milk = OrderLine(1, uuid4(), UUID(seller.id), uuid4(), "MILK-1", "Fresh milk", 2, 160, 0, 302, 600, 18, 320)
    command = PlaceOrder(
        order,
        checkout,
        buyer,
        UUID(seller.id),
        "EUR",
        (milk,),
        320,
        0,
        0,
        0,
        18,
        320,
        HOME,
        contact,
        payment,
        now + timedelta(minutes=15),
        now,
        spot=spot,
        starts_at=starts_at,
        ends_at=ends_at,
        zone=zone,
        timezone="Europe/Lisbon",
        guest=guest,
    )
    handle = town.container.handle
    handle(order, command, Meta(uuid4(), buyer, uuid4()))
    handle(order, ConfirmOrder(order, payment, SYSTEM, now), Meta(uuid4(), SYSTEM.id, uuid4()))
    return order
