"""What changes deliveries and the roster of couriers."""

from interfaces.http.commands.deliveries.couriers import CourierCommands
from interfaces.http.commands.deliveries.deliveries import DeliveryCommands

CONTROLLERS = (DeliveryCommands, CourierCommands)
