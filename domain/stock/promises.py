"""What orders do with stock: they reserve, pay for it, and give it back."""

from domain.decider import Rejected
from domain.stock.commands import CommitStock, GiveBackStock, OrdersCommand, ReserveStock
from domain.stock.events import StockCommitted, StockEvent, StockReleased, StockReserved, StockReturned
from domain.stock.state import NOTE_LIMIT, Stock, Stocked, Unstocked, counted, told
from domain.text import line


def for_order(command: OrdersCommand, stock: Stock) -> list[StockEvent]:
    match command, stock:
        case ReserveStock(), Unstocked():
            raise out_of_stock(0)
        case _, Unstocked():
            raise Rejected("stock_not_found")
        case ReserveStock(), Stocked():
            return reserve(command, stock)
        case CommitStock(), Stocked():
            return commit(command, stock)
        case GiveBackStock(), Stocked():
            return give_back(command, stock)


def reserve(command: ReserveStock, stock: Stocked) -> list[StockEvent]:
    if command.order_id in stock.reserved or command.order_id in stock.committed:
        return []  # asked twice: already so
    quantity = counted(command.quantity, 1)
    if quantity > stock.available:
        raise out_of_stock(stock.available)
    level = stock.level(held=quantity)
    return told(stock, StockReserved(stock.stock_id, command.order_id, quantity, command.expires_at, level, command.now))


def commit(command: CommitStock, stock: Stocked) -> list[StockEvent]:
    if command.order_id in stock.committed:
        return []
    reserved = stock.reserved.get(command.order_id)
    if reserved is None and command.order_id in stock.let_go:
        return []  # called off so soon after it was paid that this was heard first: nothing is left to sell
    if reserved is None:
        raise Rejected("not_reserved", "The order has nothing reserved here.")
    level = stock.level(on_hand=-reserved.quantity, held=-reserved.quantity)
    return told(stock, StockCommitted(stock.stock_id, command.order_id, reserved.quantity, level, command.now))


def give_back(command: GiveBackStock, stock: Stocked) -> list[StockEvent]:
    id, order, now = stock.stock_id, command.order_id, command.now
    quantity, reason = counted(command.quantity, 1), line(command.reason, NOTE_LIMIT, "/reason")
    reserved = stock.reserved.get(order)
    holding = stock.committed.get(order, 0) if reserved is None else reserved.quantity
    if not holding and not stock.forgotten:
        return []  # all of it came back before
    if not holding:
        raise Rejected("sale_forgotten", "So many were sold since that a person must look: count in what came back.")
    if quantity > holding:
        raise Rejected("more_than_held", f"The order holds {holding}.")
    if reserved is None:
        return told(stock, StockReturned(id, order, quantity, reason, stock.level(on_hand=quantity), now))
    return told(stock, StockReleased(id, order, quantity, reason, stock.level(held=-quantity), now))


def out_of_stock(left: int) -> Rejected:
    return Rejected("out_of_stock", f"{left} left." if left else "None left.")
