"""What is asked of deliveries and couriers."""

from interfaces.http.queries.deliveries.couriers import CourierQueries
from interfaces.http.queries.deliveries.deliveries import DeliveryQueries
from interfaces.http.queries.deliveries.slots import SlotQueries, ZoneQueries
from interfaces.http.queries.deliveries.tracking import TrackingQueries

CONTROLLERS = (DeliveryQueries, TrackingQueries, CourierQueries, SlotQueries, ZoneQueries)
