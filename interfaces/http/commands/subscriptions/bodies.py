"""What is said of recurring orders in the bodies of commands, each within its limits."""

from datetime import date
from datetime import time as clock
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from application.commands.recurring import Wish
from domain.subscriptions.events import WantedLine
from domain.subscriptions.recurring_order import LINES_LIMIT, QUANTITY_LIMIT
from domain.subscriptions.schedule import NOTICE_LIMIT, RULE_LIMIT
from interfaces.http.answers import Body
from interfaces.http.commands.users.bodies import Email, PostalAddress

Rule = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=RULE_LIMIT,
        description=(
            "A rule of RFC 5545: FREQ (DAILY, WEEKLY, MONTHLY, YEARLY) with INTERVAL, COUNT, UNTIL, BYDAY (days of the week; in months "
            "numbered from 1 to 4, or from -1 to -4 from the end) and BYMONTHDAY."
        ),
        examples=["FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"],
    ),
]
Zone = Annotated[str, Meta(min_length=1, max_length=60, description="Of the IANA database.", examples=["Europe/Zurich"])]
Clock = Annotated[str, Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", description="On the clocks of the zone.", examples=["07:00"])]
Notice = Annotated[int, Meta(ge=0, le=NOTICE_LIMIT, description="How long before its time a day's order is placed.", examples=[600])]
Quantity = Annotated[int, Meta(ge=1, le=QUANTITY_LIMIT, examples=[2])]
Sku = Annotated[str, Meta(max_length=64, description="The variant; may be left out where there is only one.", examples=["MILK-1L"])]


class RecurringLine(Body, frozen=True):
    listing_id: UUID
    quantity: Quantity
    sku: Sku = ""

    def value(self) -> WantedLine:
        return WantedLine(self.listing_id, self.sku, self.quantity)


Lines = Annotated[list[RecurringLine], Meta(min_length=1, max_length=LINES_LIMIT)]


class RecurringDelivery(Body, frozen=True):
    """A slot is booked for every day in the zone's window that starts at this time."""

    zone_id: UUID
    window: Clock


class StandingPayment(Body, frozen=True):
    """`method` is the provider's token for how every day's order is paid."""

    provider: Annotated[str, Meta(min_length=1, max_length=40, examples=["sandbox"])]
    method: Annotated[str, Meta(min_length=1, max_length=200, examples=["4242424242424242"])]


class StandingDetails(Body, frozen=True):
    """Where the orders of all coming days go and how they are paid; without a `contact` letters go to the customer's own address."""

    address: PostalAddress
    payment: StandingPayment
    contact: Email | None = None


class RecurringOrderWish(Body, frozen=True):
    """With `delivery` its window says when and with how much notice; else `timezone`, `time` and `noticeMinutes` do."""

    lines: Lines
    rule: Rule
    begins_on: Annotated[date, Meta(description="The rule counts from this day.", examples=["2026-06-08"])]
    address: PostalAddress
    payment: StandingPayment
    contact: Email | None = None
    delivery: RecurringDelivery | None = None
    timezone: Zone | None = None
    time: Clock | None = None
    notice_minutes: Notice | None = None

    def wish(self) -> Wish:
        return Wish(
            tuple(each.value() for each in self.lines),
            self.rule,
            self.begins_on,
            self.address.value(),
            self.payment.provider,
            self.payment.method,
            self.contact or "",
            self.delivery.zone_id if self.delivery else None,
            self.delivery.window if self.delivery else None,
            self.timezone,
            clock.fromisoformat(self.time) if self.time else None,
            self.notice_minutes,
        )


class SkippedDay(Body, frozen=True):
    date: Annotated[date, Meta(examples=["2026-06-10"])]


class RecurringChange(Body, frozen=True):
    """All lines, in place of those before."""

    lines: Lines
