"""What suppliers, organisers and staff do with quotes and shipments."""

from interfaces.http.commands.groups.supply.quotes import QuoteCommands
from interfaces.http.commands.groups.supply.shipments import ShipmentCommands

CONTROLLERS = (QuoteCommands, ShipmentCommands)
