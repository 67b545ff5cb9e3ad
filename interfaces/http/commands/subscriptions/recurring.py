"""What customers and staff do with orders that repeat."""

from datetime import date
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody

from application.commands.recurring import ChangeRecurring, GiveDetails, StartRecurring
from domain.subscriptions import commands as c
from interfaces.http.answers import Accepted
from interfaces.http.caller import signed_in
from interfaces.http.commands.steps import steps
from interfaces.http.commands.subscriptions.bodies import RecurringChange, RecurringOrderWish, SkippedDay, StandingDetails
from interfaces.http.dispatch import KEYED, Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import post, put

LINES = ("lines_invalid", "quantity_invalid", "not_on_sale", "own_listing", "sku_required", "currency_mixed")
PATH = "/v1/recurring-orders"

step = steps("/{recurring_id:uuid}", "not_yours", "recurring_order_not_found")


class RecurringOrderCommands(Controller):
    path = PATH
    tags = ("recurring orders",)

    @post(
        "/",
        guards=[signed_in],
        sync_to_thread=True,
        opt={KEYED: True},
        responses=problems(
            *LINES,
            "listing_not_found",
            "zone_not_found",
            "window_invalid",
            "address_invalid",
            "outside_zone",
            "zone_needs_point",
            "text_invalid",
            "rule_invalid",
            "rule_without_dates",
            "timezone_unknown",
            "schedule_invalid",
        ),
    )
    def start(self, data: JSONBody[RecurringOrderWish], run: Given[Dispatch], start_recurring: Given[StartRecurring]) -> Response[Accepted]:
        """Have the same goods brought on every day of a rule. Each day becomes an order of its own when its notice begins."""
        return run.answer(start_recurring(run.new_id(), data.wish(), run.by, run.now, run.meta), PATH)

    @step("pause", signed_in, "recurring_order_not_active")
    def pause(self, recurring_id: FromPath[UUID], run: Given[Dispatch]) -> Response[Accepted]:
        """Bring nothing until it is resumed; an order that is placed already comes."""
        return run(recurring_id, c.PauseRecurringOrder(recurring_id, run.by, run.now))

    @step("resume", signed_in, "recurring_order_not_paused")
    def resume(self, recurring_id: FromPath[UUID], run: Given[Dispatch]) -> Response[Accepted]:
        """Go on with the next day that is not settled yet."""
        return run(recurring_id, c.ResumeRecurringOrder(recurring_id, run.by, run.now))

    @step("skip", signed_in, "recurring_order_ended", "date_invalid", "occurrence_settled", "too_many_skipped")
    def skip(self, recurring_id: FromPath[UUID], data: JSONBody[SkippedDay], run: Given[Dispatch]) -> Response[Accepted]:
        """Leave out one day, until its notice begins."""
        return run(recurring_id, c.SkipOccurrence(recurring_id, data.date, run.by, run.now))

    @step("change", signed_in, *LINES, "listing_not_found", "recurring_order_ended")
    def change(
        self, recurring_id: FromPath[UUID], data: JSONBody[RecurringChange], run: Given[Dispatch], change_recurring: Given[ChangeRecurring]
    ) -> Response[Accepted]:
        """Change what is brought and how much of it, from the next day on that is not settled yet."""
        lines = tuple(each.value() for each in data.lines)
        return run.answer(change_recurring(c.ChangeQuantities(recurring_id, lines, run.by, run.now), run.meta, run.expected))

    @put(
        "/{recurring_id:uuid}/details",
        guards=[signed_in],
        sync_to_thread=True,
        opt={KEYED: True},
        responses=problems("recurring_order_not_found", "not_yours", "address_invalid", "outside_zone", "zone_needs_point", "text_invalid"),
    )
    def details(
        self, recurring_id: FromPath[UUID], data: JSONBody[StandingDetails], run: Given[Dispatch], give_details: Given[GiveDetails]
    ) -> Response[Accepted]:
        """Say anew where it goes and how it is paid, as after a card has expired. They have an id and a version of their own."""
        address, payment = data.address.value(), data.payment
        command = c.GiveStandingDetails(
            recurring_id, run.by.id, address, data.contact or "", payment.provider, payment.method, run.by, run.now
        )
        return run.answer(give_details(command, run.meta, run.expected))

    @step("end", signed_in, "recurring_order_ended")
    def end(self, recurring_id: FromPath[UUID], run: Given[Dispatch]) -> Response[Accepted]:
        """End it for good; an order that is placed already comes."""
        return run(recurring_id, c.EndRecurringOrder(recurring_id, run.by, run.now))

    @step("occurrences/{day:date}/retry", signed_in, "occurrence_not_found", "occurrence_not_failed", "occurrence_missed")
    def retry(self, recurring_id: FromPath[UUID], day: FromPath[date], run: Given[Dispatch]) -> Response[Accepted]:
        """Try to place the order of a day that failed again, before its time is over."""
        return run(recurring_id, c.RetryOccurrence(recurring_id, day, run.by, run.now))
