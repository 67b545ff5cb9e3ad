"""Facts as letters tell them: numbers of orders, amounts of money, windows by the clock of the place."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.currencies import EXPONENTS


def order_number(order_id: UUID) -> str:
    """Enough of an order's id to tell a person's orders apart."""
    return order_id.hex[-8:].upper()


def money(amount: int, currency: str) -> str:
    """An amount in minor units, as people write it.

    >>> money(123456, "EUR")
    '1,234.56 EUR'
    >>> money(500, "JPY")
    '500 JPY'
    """
    places = EXPONENTS.get(currency, 2)
    return f"{amount / 10**places:,.{places}f} {currency}"


def window(starts_at: datetime | None, ends_at: datetime | None, time_zone: str) -> str:
    """Such as «Monday 1 June, 13:00 to 15:00»; nothing where there is none."""
    if starts_at is None or ends_at is None:
        return ""
    zone = ZoneInfo(time_zone)
    start, end = starts_at.astimezone(zone), ends_at.astimezone(zone)
    return f"{start:%A} {start.day} {start:%B, %H:%M} to {end:%H:%M}"


def clock(at: datetime, time_zone: str) -> str:
    """Such as «13:05 on 1 June»."""
    local = at.astimezone(ZoneInfo(time_zone))
    return f"{local:%H:%M} on {local.day} {local:%B}"
