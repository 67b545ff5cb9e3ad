"""Contributions to group purchases: a member pays for the pieces reserved, and the money is held for the group."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from application.commands.groups.contributions import Asked, Contribute, Way
from domain.payments.events import Status
from domain.payments.payment import METHOD_LIMIT
from domain.values import Money
from interfaces.http.answers import Accepted, Body
from interfaces.http.caller import signed_in
from interfaces.http.commands.payments.addresses import PayAt
from interfaces.http.dispatch import KEYED, Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import post


class ContributionBody(Body, frozen=True):
    """`method` is the provider's token for how it is paid, as in docs/payments.md; without a currency in the group's own."""

    provider: Annotated[str, Meta(min_length=1, max_length=40, examples=["sandbox"])]
    method: Annotated[str, Meta(min_length=1, max_length=METHOD_LIMIT, examples=["4242424242424242"])] = "card"
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$", examples=["USD"])] | None = None


class AcceptedContribution(Accepted, frozen=True):
    """The id is the payment's, which `Location` leads to. `checkoutUrl` is where a browser goes: it is led on as soon as may be.

    `amount` is what is asked, `fee` the platform's part of it, which goes back with the rest if the group fails. `actions` are those
    of the payment.
    """

    payment_id: UUID
    checkout_url: str
    status: Status
    amount: Money
    fee: Money
    pay_by: datetime


REFUSED = (
    "group_not_found",
    "group_not_gathering",
    "not_a_member",
    "already_paid",
    "reservation_lapsed",
    "price_changed",
    "unknown_rate",
    "provider_unknown",
    "method_unknown",
    "contribution_on_its_way",
    "not_yours",
)


class ContributionCommands(Controller):
    path = "/v1/groups/{group_id:uuid}/contributions"
    tags = ("groups",)

    @post("/", guards=[signed_in], sync_to_thread=True, opt={KEYED: True}, responses=problems(*REFUSED))
    def contribute(
        self,
        group_id: FromPath[UUID],
        data: JSONBody[ContributionBody],
        run: Given[Dispatch],
        contribute: Given[Contribute],
        pay_at: Given[PayAt],
    ) -> Response[AcceptedContribution]:
        """Pay for the pieces reserved, at the price that the group has reached, until `payBy`.

        The money is held until the goods are picked up. Should the price fall later, the difference goes back by itself; should the
        group fail, everything does, the fee too. Asked again, the earlier payment is given up.
        """
        way = Way(data.provider, data.method, data.currency)
        return answered(contribute(group_id, run.new_id(), way, run.by, run.now, run.meta), run, pay_at)


def answered(asked: Asked, run: Dispatch, pay_at: PayAt) -> Response[AcceptedContribution]:
    done, state = asked.payment, asked.state
    body = AcceptedContribution(
        done.stream,
        done.version,
        max(asked.group.position, done.position),
        done.decider.actions(state, run.by),
        done.stream,
        pay_at(done.stream),
        state.standing,
        Money(state.amount, state.currency),
        Money(asked.fee, state.currency),
        state.expires_at,
    )
    headers = {"ETag": f'"{body.version}"', "Position": str(body.position), "Location": f"/v1/payments/{done.stream}"}
    if done.replayed:
        headers["Idempotency-Replayed"] = "true"
    return Response(body, status_code=201, headers=headers)
