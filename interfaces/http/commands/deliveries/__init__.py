"""What changes deliveries and the roster of couriers."""

from interfaces.http.commands.deliveries.couriers import CourierCommands
from interfaces.http.commands.deliveries.deliveries import DeliveryCommands
from interfaces.http.commands.deliveries.zones import ZoneCommands

CONTROLLERS = (DeliveryCommands, CourierCommands, ZoneCommands)
