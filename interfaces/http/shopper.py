"""Who is shopping: a user, or a guest whom the token of his cart names."""

from typing import Annotated, Any, Protocol, runtime_checkable
from uuid import UUID

from litestar import Request, Response
from litestar.params import QueryParameter
from msgspec import Struct

from domain.orders.carts.cart import cart_id
from domain.values import Actor
from interfaces.http.caller import NOBODY, caller_of
from interfaces.http.errors import Problem

HEADER = "Cart-Token"
PARAMETER = "token"
"""The same in an address, for the links in letters to guests; routes that take it declare `Token`."""

Token = Annotated[
    str | None, QueryParameter(name=PARAMETER, max_length=200, description="A guest's token, as the links in letters to guests have it.")
]


@runtime_checkable
class GuestTokens(Protocol):
    def sign(self, guest_id: UUID, /) -> str:
        """The token by which a guest is known: whoever has it is the guest."""
        ...

    def read(self, token: str) -> UUID | None:
        """Whose token it is; None for one that we have not made."""
        ...


class Shopper(Struct, frozen=True):
    """`cart` is the id of his cart: a guest's is his own id. `token` is what the guest showed, of users too: their cart of before."""

    actor: Actor
    cart: UUID
    guest: bool
    tokens: GuestTokens
    token: UUID | None = None

    @property
    def id(self) -> UUID:
        return self.actor.id

    @property
    def known(self) -> bool:
        return self.id != NOBODY

    def named(self, guest_id: UUID) -> "Shopper":
        """A guest who has had no token so far."""
        return Shopper(Actor(guest_id), guest_id, guest=True, tokens=self.tokens)

    def told(self, response: Response[Any]) -> Response[Any]:
        """The answer with the token that a guest has to show from now on."""
        if self.guest:
            response.headers[HEADER] = self.tokens.sign(self.id)
        return response


def shopper_of(request: Request[Any, Any, Any], tokens: GuestTokens) -> Shopper:
    """401 `cart_token_invalid` for a token that was not made here."""
    shown = request.headers.get(HEADER.lower()) or request.query_params.get(PARAMETER)
    token = None if shown is None else tokens.read(shown)
    if shown is not None and token is None:
        raise Problem(401, "cart_token_invalid", "Begin a new cart without a token.", parameter=HEADER)
    caller = caller_of(request.scope)
    if caller.known:
        return Shopper(caller.actor, cart_id(caller.id), guest=False, tokens=tokens, token=token)
    guest = token or NOBODY
    return Shopper(Actor(guest), guest, guest=True, tokens=tokens, token=token)
