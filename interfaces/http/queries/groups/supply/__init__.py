"""What is asked of quotes and shipments."""

from interfaces.http.queries.groups.supply.quotes import QuoteQueries
from interfaces.http.queries.groups.supply.shipments import ShipmentQueries

CONTROLLERS = (QuoteQueries, ShipmentQueries)
