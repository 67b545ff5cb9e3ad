"""What sellers do with their stock: goods come in, get lost, are found and counted."""

from uuid import UUID

from domain.decider import Rejected
from domain.stock.commands import AdjustStock, CountStock, ReceiveStock, SellersCommand, WatchStock
from domain.stock.events import AdjustmentReason, StockAdjusted, StockCounted, StockEvent, StockRanLow, StockReceived, StockWatched
from domain.stock.state import LOCATION, MOST, NOTE_LIMIT, SKU, Stock, Stocked, Unstocked, counted, told
from domain.text import line
from domain.values import Actor, Role

GAINS = {AdjustmentReason.FOUND}
LOSSES = {AdjustmentReason.DAMAGED, AdjustmentReason.LOST, AdjustmentReason.STOLEN, AdjustmentReason.EXPIRED}


def for_seller(command: SellersCommand, stock: Stock) -> list[StockEvent]:
    match command, stock:
        case AdjustStock(), Unstocked():
            raise Rejected("stock_not_found")
        case AdjustStock(), Stocked():
            require_own(stock.seller_id, command.by)
            return adjust(command, stock)
        case ReceiveStock() | CountStock() | WatchStock(), _:
            require_own(command.seller_id, command.by)
            return on_shelf(command, opened(command) if isinstance(stock, Unstocked) else stock)


def on_shelf(command: ReceiveStock | CountStock | WatchStock, stock: Stocked) -> list[StockEvent]:
    match command:
        case ReceiveStock():
            return receive(command, stock)
        case CountStock():
            return count(command, stock)
        case WatchStock():
            return watch(command, stock)


def opened(command: ReceiveStock | CountStock | WatchStock) -> Stocked:
    article(command.sku)
    if not LOCATION.fullmatch(command.location):
        raise Rejected("location_invalid", "Small letters, digits and hyphens, at most 40.", pointer="/location")
    return Stocked(command.stock_id, command.seller_id, command.sku, command.location)


def article(sku: str, pointer: str | None = None) -> str:
    """A stock-keeping unit's name as it stands in addresses, labels and files, else `sku_invalid`."""
    if not SKU.fullmatch(sku):
        raise Rejected("sku_invalid", "Letters, digits, points, underscores and hyphens, at most 64.", pointer=pointer)
    return sku


def receive(command: ReceiveStock, stock: Stocked) -> list[StockEvent]:
    quantity = counted(command.quantity, 1)
    if stock.on_hand + quantity > MOST:
        raise Rejected("quantity_invalid", f"At most {MOST} can be on hand.", pointer="/quantity")
    reference = line(command.reference, NOTE_LIMIT, "/reference")
    level = stock.level(on_hand=quantity)
    received = StockReceived(
        stock.stock_id, stock.seller_id, stock.sku, stock.location, quantity, command.by.id, level, command.now, reference
    )
    return told(stock, received)


def adjust(command: AdjustStock, stock: Stocked) -> list[StockEvent]:
    difference, reason = command.difference, command.reason
    if not 1 <= abs(difference) <= MOST or stock.on_hand + difference > MOST:
        raise Rejected("quantity_invalid", f"The difference lies between 1 and {MOST}, up or down.", pointer="/difference")
    if (reason in LOSSES and difference > 0) or (reason in GAINS and difference < 0):
        raise Rejected("quantity_invalid", f"What was {reason} makes {'less' if reason in LOSSES else 'more'}.", pointer="/difference")
    require_unpromised(stock, stock.on_hand + difference)
    note = line(command.note, NOTE_LIMIT, "/note")
    level = stock.level(on_hand=difference)
    return told(stock, StockAdjusted(stock.stock_id, difference, reason, note, command.by.id, level, command.now))


def count(command: CountStock, stock: Stocked) -> list[StockEvent]:
    found = counted(command.counted, 0, "/counted")
    require_unpromised(stock, found)
    difference = found - stock.on_hand
    level = stock.level(on_hand=difference)
    by, now = command.by.id, command.now
    return told(stock, StockCounted(stock.stock_id, stock.seller_id, stock.sku, stock.location, found, difference, by, level, now))


def watch(command: WatchStock, stock: Stocked) -> list[StockEvent]:
    low_at, now = command.low_at, command.now
    if low_at is not None:
        counted(low_at, 0, "/lowAt")
    if low_at == stock.low_at:
        return []
    watched = StockWatched(stock.stock_id, stock.seller_id, stock.sku, stock.location, low_at, now)
    if low_at is None or stock.available > low_at or (stock.low_at is not None and stock.available <= stock.low_at):
        return [watched]
    return [watched, StockRanLow(stock.stock_id, stock.seller_id, stock.sku, stock.available, low_at, now)]


def require_unpromised(stock: Stocked, on_hand: int) -> None:
    if on_hand < 0:
        raise Rejected("stock_too_small", f"There are {stock.on_hand}.")
    if on_hand < stock.held:
        raise Rejected("stock_promised", f"{stock.held} are promised to orders: cancel of these first.")


def require_own(seller_id: UUID, by: Actor) -> None:
    if by.id != seller_id and not by.is_any(Role.ADMIN, Role.STAFF):
        raise Rejected("not_yours")
