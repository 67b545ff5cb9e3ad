"""What other systems ask for that follow what is public."""

from interfaces.http.commands.integrations.consumers import ConsumerCommands
from interfaces.http.commands.integrations.deliveries import ConsumerDeliveries
from interfaces.http.commands.integrations.endpoints import EndpointCommands

CONTROLLERS = (
    ConsumerCommands,
    ConsumerDeliveries,
    EndpointCommands,
)
