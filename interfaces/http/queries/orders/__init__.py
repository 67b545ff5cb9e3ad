"""What is asked of carts, orders and discount codes."""

from interfaces.http.queries.orders.carts import CartQueries
from interfaces.http.queries.orders.codes import CodeQueries
from interfaces.http.queries.orders.orders import CheckoutQueries, OrderQueries

CONTROLLERS = (CartQueries, OrderQueries, CheckoutQueries, CodeQueries)
