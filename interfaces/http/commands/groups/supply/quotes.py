"""Quotes: what a supplier asks for a locked group's goods, and what its organiser says to that."""

from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody

from application.commands.groups.supply import Supply
from domain.groups.supply import commands as c
from interfaces.http.answers import Accepted
from interfaces.http.caller import signed_in
from interfaces.http.commands.groups.supply.bodies import QuoteCounter, QuoteOffer, QuoteRefusal
from interfaces.http.commands.steps import steps
from interfaces.http.dispatch import Dispatch
from interfaces.http.requests import Given

step = steps("/{quote_id:uuid}", "not_yours", "quote_not_found", "quote_lapsed")


class QuoteCommands(Controller):
    path = "/v1/quotes"
    tags = ("quotes",)

    @step("submit", signed_in, "quote_not_awaited", "price_invalid", "quantity_invalid", "lead_days_invalid", "validity_invalid")
    def submit(
        self, quote_id: FromPath[UUID], data: JSONBody[QuoteOffer], run: Given[Dispatch], supply: Given[Supply]
    ) -> Response[Accepted]:
        """The supplier's members: name price, quantity, lead time and validity; once more after a counter-quote."""
        return run.answer(supply(data.command(quote_id, run.by, run.now), run.meta, run.expected))

    @step("counter", signed_in, "counter_not_possible", "price_invalid", "lead_days_invalid", "quote_above_held")
    def counter(
        self, quote_id: FromPath[UUID], data: JSONBody[QuoteCounter], run: Given[Dispatch], supply: Given[Supply]
    ) -> Response[Accepted]:
        """The organiser: offer another price instead, once, and no more than the members have paid."""
        return run.answer(supply(data.command(quote_id, run.by, run.now), run.meta, run.expected))

    @step("accept", signed_in, "quote_not_acceptable", "quote_above_held", "quote_short")
    def accept(self, quote_id: FromPath[UUID], run: Given[Dispatch], supply: Given[Supply]) -> Response[Accepted]:
        """The organiser accepts what was quoted, the supplier what was offered instead; the goods are owed from then on."""
        return run.answer(supply(c.AcceptQuote(quote_id, run.by, run.now), run.meta, run.expected))

    @step("reject", signed_in, "quote_not_rejectable")
    def reject(
        self, quote_id: FromPath[UUID], data: JSONBody[QuoteRefusal], run: Given[Dispatch], supply: Given[Supply]
    ) -> Response[Accepted]:
        """Either side: there is no agreement. The group fails, and every member gets everything back."""
        return run.answer(supply(c.RejectQuote(quote_id, data.reason, run.by, run.now), run.meta, run.expected))
