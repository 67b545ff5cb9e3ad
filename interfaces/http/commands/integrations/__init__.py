"""What other systems ask for that follow what is public."""

from interfaces.http.commands.integrations.consumers import ConsumerCommands
from interfaces.http.commands.integrations.deliveries import ConsumerDeliveries

CONTROLLERS = (
    ConsumerCommands,
    ConsumerDeliveries,
)
