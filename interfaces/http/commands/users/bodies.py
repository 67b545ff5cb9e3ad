"""What is said of people in the bodies of commands and the answers to sign-ins, each within its limits."""

from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Request, Response
from litestar.types import ExceptionHandlersMap
from msgspec import Meta, Struct, field

from application.credentials import Device, Tokens, TooManyAttempts
from domain.users.preferences import Channel, Currency, Language, Notice, Preferences, Units
from domain.users.text import ADDRESS_LIMIT, NAME_LIMIT
from domain.values import Address, Role
from interfaces.http.answers import Body
from interfaces.http.errors import Problem, ProblemDocument, answer

Email = Annotated[str, Meta(min_length=3, max_length=254, examples=["ana@example.org"])]
Name = Annotated[str, Meta(min_length=1, max_length=NAME_LIMIT, examples=["Ana Sousa"])]
NewPassword = Annotated[
    str,
    Meta(
        min_length=8,
        max_length=256,
        description="Upper and lower case, a digit and a symbol, and not easily guessed.",
        examples=["Vento-norte-7-nos"],
    ),
]
Password = Annotated[str, Meta(min_length=1, max_length=256, examples=["Vento-norte-7-nos"])]
LinkToken = Annotated[str, Meta(min_length=1, max_length=400, description="The `token` of the mailed link.")]
RefreshToken = Annotated[str, Meta(min_length=1, max_length=400)]
Phone = Annotated[str, Meta(max_length=40, description="With its country; empty for none.", examples=["+351 22 340 1000"])]
ProvenPhone = Annotated[str, Meta(min_length=1, max_length=40, description="With its country.", examples=["+263 77 123 4567"])]
PhoneCode = Annotated[str, Meta(pattern="^[0-9]{6}$", description="As it came by text message.", examples=["042195"])]
Line = Annotated[str, Meta(max_length=120)]
Country = Annotated[str, Meta(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2.", examples=["PT"])]
Reason = Annotated[str, Meta(min_length=1, max_length=1000, examples=["Sold a boat that was not hers."])]
KeyName = Annotated[str, Meta(min_length=1, max_length=100, examples=["nightly export"])]
Scope = Literal["feeds:read"]


class Registration(Body, frozen=True):
    email: Email
    name: Name
    password: NewPassword


class Mailbox(Body, frozen=True):
    email: Email


class LinkRedemption(Body, frozen=True):
    token: LinkToken


class ResetRedemption(Body, frozen=True):
    token: LinkToken
    password: NewPassword


class Credentials(Body, frozen=True):
    email: Email
    password: Password


class PhoneNumber(Body, frozen=True):
    phone: ProvenPhone


class PhoneCredentials(Body, frozen=True):
    """`name` is what somebody new is called; whoever is known keeps his."""

    phone: ProvenPhone
    code: PhoneCode
    name: Name | None = None


class Refreshing(Body, frozen=True):
    refresh_token: RefreshToken


class PasswordChange(Body, frozen=True):
    current_password: Password
    new_password: NewPassword


class EmailChange(Body, frozen=True):
    """`password` or, of somebody who signs in by telephone alone, a `code` texted to that number."""

    email: Email
    password: Annotated[str, Meta(max_length=256, examples=["Vento-norte-7-nos"])] = ""
    code: Annotated[str, Meta(pattern="^([0-9]{6})?$", examples=["042195"])] = ""


class PhoneProof(Body, frozen=True):
    phone: ProvenPhone
    code: PhoneCode
    password: Password


class PostalAddress(Body, frozen=True):
    name: Annotated[Line, Meta(min_length=1, examples=["Ana Sousa"])]
    lines: Annotated[list[Annotated[Line, Meta(min_length=1)]], Meta(min_length=1, max_length=4, examples=[["Rua do Cais 7"]])]
    locality: Annotated[Line, Meta(min_length=1, examples=["Porto"])]
    postal_code: Annotated[str, Meta(max_length=20, examples=["4050-017"])]
    country: Country
    region: Line = ""

    def value(self) -> Address:
        return Address(self.name, tuple(self.lines), self.locality, self.postal_code, self.country, self.region)


class ProfileEdit(Body, frozen=True):
    """What is left out stays as it is."""

    name: Name | None = None
    phone: Phone | None = None
    addresses: Annotated[list[PostalAddress], Meta(max_length=ADDRESS_LIMIT)] | None = None


class PreferenceChoice(Body, frozen=True):
    """All preferences at once; `notices` names the channels by kind of notice, and an empty list turns a kind off."""

    language: Language = "en"
    currency: Currency = "EUR"
    units: Units = "metric"
    marketing: bool = False
    notices: Annotated[dict[Notice, Annotated[list[Channel], Meta(max_length=4)]], Meta(max_length=10)] = field(default_factory=dict)

    def value(self) -> Preferences:
        notices = {kind: tuple(dict.fromkeys(channels)) for kind, channels in self.notices.items()}
        return Preferences(self.language, self.currency, self.units, self.marketing, dict[str, tuple[str, ...]](notices))


class RoleChoice(Body, frozen=True):
    role: Annotated[Role, Meta(examples=["seller"])]


class Suspension(Body, frozen=True):
    reason: Reason


class ServiceAccount(Body, frozen=True):
    name: Name


class KeyRequest(Body, frozen=True):
    user_id: Annotated[UUID, Meta(description="The service account that the key speaks for.")]
    name: KeyName
    scopes: Annotated[list[Scope], Meta(min_length=1, max_length=10)]


class SignedIn(Struct, frozen=True, rename="camel"):
    """`expires_in` is of the access token, in seconds. Each refresh token is exchanged once."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    refresh_token: str
    user_id: UUID
    session_id: UUID


def signed_in_with(tokens: Tokens, status: int) -> Response[SignedIn]:
    content = SignedIn(tokens.access_token, "Bearer", tokens.expires_in, tokens.refresh_token, tokens.user_id, tokens.session_id)
    headers = {"Cache-Control": "no-store"}
    if status == 201:
        headers["Location"] = f"/v1/sessions/{tokens.session_id}"
    return Response(content, status_code=status, headers=headers)


def device(request: Request[Any, Any, Any]) -> Device:
    agent = "".join(filter(str.isprintable, request.headers.get("user-agent", "")))[:200]
    return Device(agent, address(request))


def address(request: Request[Any, Any, Any]) -> str:
    return request.client.host if request.client else ""


def too_many_attempts(request: Request[Any, Any, Any], error: TooManyAttempts) -> Response[ProblemDocument]:
    seconds = str(error.retry_after)
    return answer(request, Problem(429, "too_many_attempts", f"Try again in {seconds} seconds.", headers={"Retry-After": seconds}))


LIMITED: ExceptionHandlersMap = {TooManyAttempts: too_many_attempts}
"""For the controllers of what others could use to guess or to pester."""
