"""What is asked of payments, of providers' messages and of the books."""

from interfaces.http.queries.payments.balance import BalanceQueries
from interfaces.http.queries.payments.groups import GroupMoneyQueries
from interfaces.http.queries.payments.ledger import LedgerQueries
from interfaces.http.queries.payments.payments import OwnPaymentQueries, PaymentQueries
from interfaces.http.queries.payments.payouts import PayoutQueries
from interfaces.http.queries.payments.webhooks import MessageQueries

CONTROLLERS = (PaymentQueries, OwnPaymentQueries, MessageQueries, LedgerQueries, BalanceQueries, GroupMoneyQueries, PayoutQueries)
