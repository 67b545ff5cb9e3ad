"""What events of deliveries and couriers owe: somebody to carry what waits, and word to the buyer."""

from application.effects.effect import Errand, Notice
from application.effects.job import FillCourier, FindCourier
from domain.deliveries.events import CourierEnrolled, CourierUnloaded, CourierWentOnDuty, DeliveryFailed, DeliveryInTransit, DeliveryOpened

NOTICES = (
    Notice(DeliveryInTransit, "out_for_delivery"),
    Notice(DeliveryFailed, "delivery_failed"),
)


def find_courier(event: DeliveryOpened) -> FindCourier:
    return FindCourier(event.delivery_id)


def fill_courier(event: CourierEnrolled | CourierWentOnDuty | CourierUnloaded) -> FillCourier:
    return FillCourier(event.courier_id)


ERRANDS = (
    Errand(DeliveryOpened, find_courier),
    Errand(CourierEnrolled, fill_courier),
    Errand(CourierWentOnDuty, fill_courier),
    Errand(CourierUnloaded, fill_courier),
)
