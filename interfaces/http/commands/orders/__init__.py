"""What changes carts, orders and discount codes."""

from interfaces.http.commands.orders.carts import CartCommands
from interfaces.http.commands.orders.checkouts import CheckoutCommands
from interfaces.http.commands.orders.codes import CodeCommands
from interfaces.http.commands.orders.orders import OrderCommands

CONTROLLERS = (CartCommands, CheckoutCommands, OrderCommands, CodeCommands)
