"""What people are told of a group: the facts, of the event and of how the group was opened, whoever reads them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from application.jobs.draft import known, moment
from application.jobs.letters.facts import money
from application.jobs.ports import History, Skipped
from domain.conversations.events import AnnouncementMade
from domain.groups import events as e
from domain.groups.contributions.events import ContributionPaid, ContributionRefunded, ContributionRefundFailed, ContributionReturned
from domain.groups.passes.events import PassIssued
from domain.groups.supply.events import GoodsShipped, QualityIssueRaised, QuoteCountered, QuoteRejected, QuoteRequested, QuoteSubmitted
from domain.groups.values import Failing, Returning
from domain.values import Value

FAILURES = {
    Failing.MINIMUM_MISSED: "not enough was paid for by the deadline",
    Failing.CANCELLED: "it was called off",
    Failing.SUPPLIER_REFUSED: "group and supplier could not agree",
    Failing.NO_ANSWER: "there was no answer in time",
    Failing.NOT_SHIPPED: "the goods were not sent in time",
}
RETURNS = {
    Returning.LATE: "it came too late to count",
    Returning.PRICE_FELL: "the price has fallen since you paid",
    Returning.FAILED: "the group came to nothing",
    Returning.COMPENSATION: "something was wrong with the goods",
    Returning.LEFT: "you have no place in the group any more",
}


@runtime_checkable
class PassTokens(Protocol):
    def of_pass(self, pass_id: UUID, number: int, expires_at: datetime) -> str:
        """What the code of the pass shows; whoever has it, has the pass."""
        ...


class GroupLetters:
    """`site` is the address that links begin with, `app` that of the frontend, empty where there is none."""

    def __init__(self, history: History, passes: PassTokens, site: str, app: str) -> None:
        self._history = history
        self._passes = passes
        self._site = site
        self._app = app

    def opened(self, group_id: UUID) -> e.GroupOpened:
        first = self._history.event(group_id, 1).event
        if not isinstance(first, e.GroupOpened):
            raise Skipped("no_group")
        return first

    def facts(self, event: Any, recipient: UUID) -> Mapping[str, str]:
        """Every fact that a letter about the event may tell; it reads two events, however many the group has."""
        opened = self.opened(event.group_id)
        more = self._of_members(event, opened) or self._of_group(event, opened, recipient) or self._of_supply(event, opened)
        return {"title": opened.title, "link": self.link(opened.group_id), **more}

    def link(self, group_id: UUID) -> str:
        return f"{self._app}/groups/{group_id}" if self._app else f"{self._site}/g/{group_id}"

    def _of_members(self, event: Value, opened: e.GroupOpened) -> Mapping[str, str]:
        currency = opened.currency
        match event:
            case e.MemberJoined(quantity=quantity, pay_by=pay_by):
                return {"quantity": str(quantity), "until": moment(pay_by)}
            case e.MemberQueued(quantity=quantity) | e.MemberLeft(quantity=quantity) | e.MemberCollected(quantity=quantity):
                return {"quantity": str(quantity)}
            case ContributionPaid(quantity=quantity, amount=amount):
                return {"quantity": str(quantity), "amount": money(amount, currency)}
            case ContributionReturned(owing=owing, reason=reason):
                return {"amount": money(owing.amount, currency), "why": RETURNS[reason]}
            case ContributionRefunded(amount=amount) | ContributionRefundFailed(amount=amount):
                return {"amount": money(amount, currency)}
            case PassIssued(pass_id=id, quantity=quantity, pickup=place, number=number, expires_at=ends):
                where = ", ".join(filter(None, (place.name, place.address))) if place else ""
                when = f"{moment(place.opens_at)} to {moment(place.closes_at)}" if place else ""
                return {
                    "quantity": str(quantity),
                    "where": where,
                    "when": when,
                    "link": f"{self._site}/p/{self._passes.of_pass(id, number, ends)}",
                }
            case _:
                return {}

    def _of_group(self, event: Value, opened: e.GroupOpened, recipient: UUID) -> Mapping[str, str]:
        currency = opened.currency
        match event:
            case e.GroupOpened(deadline=deadline) | e.DeadlineExtended(deadline=deadline):
                return {"until": moment(deadline)}
            case e.MinimumReached(paid=paid):
                return {"paid": str(paid)}
            case e.GroupLocked(quantity=quantity, price=price, parts=parts):
                own = sum(each.quantity for each in parts if each.member_id == recipient)
                return {"quantity": str(quantity), "price": money(price, currency), "own": str(own) if own else ""}
            case e.GroupFailed(reason=reason):
                return {"why": FAILURES[reason]}
            case e.GroupAccepted(price=price, quantity=quantity, lead_days=days):
                return {"price": money(price, currency), "quantity": str(quantity), "days": str(days)}
            case AnnouncementMade(text=text):
                return {"quote": known(text)}
            case _:
                return {}

    def _of_supply(self, event: Value, opened: e.GroupOpened) -> Mapping[str, str]:
        match event:
            case QuoteRequested(quantity=quantity, price=price, answer_by=until):
                return {"quantity": str(quantity), "price": money(price, opened.currency), "until": moment(until)}
            case QuoteSubmitted(price=price, lead_days=days, valid_until=until):
                return {"price": money(price, opened.currency), "days": str(days), "until": moment(until)}
            case QuoteCountered(price=price, lead_days=days, answer_by=until):
                return {"price": money(price, opened.currency), "days": str(days), "until": moment(until)}
            case QuoteRejected(reason=reason):
                return {"quote": known(reason)}
            case GoodsShipped(quantity=quantity, carrier=carrier, tracking=tracking, eta=eta):
                day = f"{eta.day} {eta:%B}"
                return {"quantity": str(quantity), "carrier": carrier, "tracking": tracking, "day": day}
            case QualityIssueRaised(quantity=quantity, description=description):
                return {"quantity": str(quantity), "quote": description}
            case _:
                return {}
