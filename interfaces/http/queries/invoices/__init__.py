"""What is asked of invoices."""

from interfaces.http.queries.invoices.billing import BillingQueries, PlatformBillingQueries
from interfaces.http.queries.invoices.invoices import InvoiceQueries

CONTROLLERS = (InvoiceQueries, BillingQueries, PlatformBillingQueries)
