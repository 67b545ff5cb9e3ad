"""Passes: for the member who shows one, and for the counter that scans it."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Controller, Response
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from domain.groups.passes.hand_over import LIFECYCLE, OPEN, relations
from domain.values import Actor
from interfaces.http.answers import document, page
from interfaces.http.caller import Caller, anyone, signed_in
from interfaces.http.errors import Problem, problems
from interfaces.http.queries.groups.members import names_of, short
from interfaces.http.queries.listings.listings import Cursor, Limit
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.groups.passes.page import NEWEST_FIRST, PassPage, at_counter_of, of_group, of_member, view, visible_to
from projections.groups.passes.ports import FileSigner, PassPictures, PassTokens, Picture, Sealed
from projections.ports import Clock, Documents, Found

MEDIA = {"svg": "image/svg+xml", "png": "image/png"}
PRIVATE = {"Cache-Control": "private, no-store"}

Form = Annotated[Picture, QueryParameter(name="format", description="The kind of picture.")]
OfPlace = Annotated[UUID | None, QueryParameter(name="pickup", description="Only those of this pick-up place.")]
Clashed = Annotated[bool | None, QueryParameter(description="Only those that clashed with what was handed out offline, or only others.")]


class ShownPass(PassPage, frozen=True, kw_only=True):
    """`name` is the member's first name with the initial of the last, or nothing of somebody forgotten."""

    name: str
    actions: list[str]


class OwnPass(PassPage, frozen=True, kw_only=True):
    """`token` is what the code shows; null where the pass is good for nothing any more."""

    token: str | None
    actions: list[str]


class OwnPassList(Struct, frozen=True):
    items: list[OwnPass]
    next: str | None


class PassList(Struct, frozen=True):
    items: list[ShownPass]
    next: str | None


class PublicKey(Struct, frozen=True):
    """An Ed25519 key as RFC 8037 writes it."""

    kty: Literal["OKP"]
    crv: Literal["Ed25519"]
    alg: Literal["EdDSA"]
    use: Literal["sig"]
    kid: str
    x: str


class PublicKeys(Struct, frozen=True):
    keys: list[PublicKey]


class PassQueries(Controller):
    path = "/v1/passes"
    tags = ("passes",)

    @get(
        "/{token:str}",
        guards=[signed_in],
        sync_to_thread=True,
        opt={"projection": view.name},
        responses=problems("not_yours", "pass_forged", "pass_not_found", "pass_expired"),
    )
    def scanned(
        self, token: FromPath[str], caller: Given[Caller], documents: Given[Documents], pass_tokens: Given[PassTokens], clock: Given[Clock]
    ) -> Response[ShownPass]:
        """What a scanned token is for: who, what, where, how much is left. By its id a pass is found as well.

        For the group's organiser and staff, and by the id for its member. Nothing is recorded. A pass that is used up or void is
        shown as such; what is no token of ours is 404 `pass_forged`, one whose time is over 409 `pass_expired`, and one of a group
        whose goods the caller does not hand out 403 `not_yours`.
        """
        found = by_id(documents, token, caller.actor) or by_token(documents, pass_tokens.read(token), caller.actor, clock())
        names = names_of(documents, [found.columns["member_id"]])
        answer: Any = document(found, **shown(found, caller.actor, names))
        answer.headers.update(PRIVATE)
        return answer

    @get(
        "/{pass_id:uuid}/qr",
        guards=[signed_in],
        sync_to_thread=True,
        media_type="image/svg+xml",
        opt={"projection": view.name},
        responses={
            200: ResponseSpec(bytes, generate_examples=False, media_type="image/svg+xml", description="The picture, or `image/png`."),
            **problems("pass_not_found", "pass_used", "pass_void", "pass_expired"),
        },
    )
    def qr(
        self,
        pass_id: FromPath[UUID],
        caller: Given[Caller],
        documents: Given[Documents],
        pass_tokens: Given[PassTokens],
        pass_pictures: Given[PassPictures],
        clock: Given[Clock],
        form: Form = "svg",
    ) -> Response[bytes]:
        """The pass as a QR code that its member shows at the counter; it is kept by nobody on the way."""
        found = documents.one(view, pass_id, of_member(caller.id))
        if found is None:
            raise Problem(404, "pass_not_found")
        if found.columns["status"] not in OPEN:
            raise Problem(409, "pass_used" if found.columns["status"] == "redeemed" else "pass_void")
        if found.columns["expires_at"] <= clock():
            raise Problem(409, "pass_expired")
        token = pass_tokens.token(sealed(found))
        tag = hashlib.sha256(f"{form} {token}".encode()).hexdigest()[:16]
        return Response(pass_pictures.picture(token, form), media_type=MEDIA[form], headers={**PRIVATE, "ETag": f'"{tag}"'})


class OwnPassQueries(Controller):
    path = "/v1/me/passes"
    tags = ("passes",)

    @get("/", guards=[signed_in], sync_to_thread=True, opt={"projection": view.name}, responses=problems("bad_cursor"))
    def mine(
        self,
        caller: Given[Caller],
        documents: Given[Documents],
        pass_tokens: Given[PassTokens],
        clock: Given[Clock],
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Response[OwnPassList]:
        """The caller's passes, the newest first, with the token of each that is good; those that are used up or void are kept in sight."""
        found = documents.page(view, of_member(caller.id), limit=limit, cursor=cursor, order=NEWEST_FIRST)
        now = clock()

        def more(each: Found) -> Mapping[str, Any]:
            good = each.columns["status"] in OPEN and now < each.columns["expires_at"]
            return {"token": pass_tokens.token(sealed(each)) if good else None, "actions": actions(each, caller.actor)}

        answer: Any = page(found, more)
        answer.headers.update(PRIVATE)
        return answer


class PassKeyQueries(Controller):
    path = "/v1/pass-keys"
    tags = ("passes",)

    @get("/", guards=[anyone], sync_to_thread=False)
    def keys(self, file_signer: Given[FileSigner]) -> PublicKeys:
        """The keys that lists for counters without a network are signed with, the present one first: a JSON Web Key Set."""
        return PublicKeys([msgspec.convert(each, PublicKey) for each in file_signer.public_keys()])


class GroupPassQueries(Controller):
    path = "/v1/groups/{group_id:uuid}/passes"
    tags = ("passes",)

    @get("/", guards=[signed_in], sync_to_thread=True, opt={"projection": view.name}, responses=problems("bad_cursor"))
    def all(
        self,
        group_id: FromPath[UUID],
        caller: Given[Caller],
        documents: Given[Documents],
        pickup: OfPlace = None,
        clashed: Clashed = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> Response[PassList]:
        """The passes of a group whose goods the caller hands out, and what went wrong with them; none for anybody else."""
        where = at_counter_of(caller.actor) & of_group(group_id, pickup, clashed=clashed)
        found = documents.page(view, where, limit=limit, cursor=cursor, order=NEWEST_FIRST)
        names = names_in(documents, found.items)
        answer: Any = page(found, lambda each: shown(each, caller.actor, names))
        return answer


def by_id(documents: Documents, text: str, by: Actor) -> Found | None:
    try:
        id = UUID(text)
    except ValueError:
        return None
    found = documents.one(view, id, visible_to(by))
    if found is None:
        raise Problem(404, "pass_not_found")
    return found


def by_token(documents: Documents, read: Sealed, by: Actor, now: datetime) -> Found:
    """Whoever was shown a token may know that the pass is there."""
    if read.expires_at <= now:
        raise Problem(409, "pass_expired", "The time to pick up is over.")
    found = documents.one(view, read.pass_id)
    if found is None or found.columns["number"] != read.number:
        raise Problem(404, "pass_not_found")
    if documents.one(view, read.pass_id, at_counter_of(by)) is None:
        raise Problem(403, "not_yours", "It is for another group's goods.")
    return found


def names_in(documents: Documents, found: Sequence[Found]) -> Mapping[UUID | str, str]:
    return names_of(documents, sorted({each.columns["member_id"] for each in found}))


def shown(found: Found, by: Actor, names: Mapping[UUID | str, str]) -> Mapping[str, Any]:
    return {"name": short(names.get(found.columns["member_id"], "")), "actions": actions(found, by)}


def actions(found: Found, by: Actor) -> list[str]:
    columns = found.columns
    return LIFECYCLE.actions(columns["status"], relations(columns["member_id"], columns["organiser_id"], by))


def sealed(found: Found) -> Sealed:
    if not isinstance(found.key, UUID):
        raise TypeError(found.key)
    return Sealed(found.key, found.columns["number"], found.columns["expires_at"])
