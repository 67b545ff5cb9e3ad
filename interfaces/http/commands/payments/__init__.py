"""What is done with payments."""

from interfaces.http.commands.payments.contributions import ContributionCommands
from interfaces.http.commands.payments.payments import PaymentCommands
from interfaces.http.commands.payments.payouts import PayoutCommands
from interfaces.http.commands.payments.webhooks import MessageCommands

CONTROLLERS = (PaymentCommands, MessageCommands, ContributionCommands, PayoutCommands)
