"""The stock of one thing at one place: never more is promised than there is, and what is given back comes back once.

What is on hand is either reserved for an order or available. An order's payment takes what it reserved off the shelf. Nothing goes
back by the clock alone: the order that reserved it says when it is over, so that a late payment cannot meet a released reservation.
"""

from typing import Any
from uuid import UUID

from domain.decider import Decider
from domain.stock.commands import (
    AdjustStock,
    CommitStock,
    CountStock,
    GiveBackStock,
    ReceiveStock,
    ReserveStock,
    StockCommand,
    WatchStock,
)
from domain.stock.events import StockEvent
from domain.stock.promises import for_order
from domain.stock.shelf import for_seller
from domain.stock.state import MAIN, MOST, NOTE_LIMIT, Stock, Stocked, Unstocked, evolve, stock_id
from domain.values import Actor, Role

__all__ = ["MAIN", "MOST", "NOTE_LIMIT", "Stocked", "Unstocked", "next_actions", "stock_id", "stocks"]

ACTIONS = ["receive", "adjust", "count", "watch"]


def decide(command: StockCommand, stock: Stock) -> list[StockEvent]:
    match command:
        case ReserveStock() | CommitStock() | GiveBackStock():
            return for_order(command, stock)
        case ReceiveStock() | AdjustStock() | CountStock() | WatchStock():
            return for_seller(command, stock)


def actions(stock: Any, by: Actor) -> list[str]:
    return next_actions(stock.seller_id, by) if isinstance(stock, Stocked) else []


def next_actions(seller_id: UUID, by: Actor) -> list[str]:
    """What `by` may do next with a seller's stock: for queries, from a read model's row."""
    return ACTIONS if by.id == seller_id or by.is_any(Role.ADMIN, Role.STAFF) else []


stocks = Decider("stock", Unstocked(), decide, evolve, actions=actions, contended=True, snapshot_every=20)
