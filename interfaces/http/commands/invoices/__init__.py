"""What is asked to stand on invoices; they themselves follow from payments, and are asked for by nobody."""

from interfaces.http.commands.invoices.billing import BillingCommands, PlatformBillingCommands

CONTROLLERS = (BillingCommands, PlatformBillingCommands)
