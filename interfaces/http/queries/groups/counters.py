"""What a pick-up place works by while it has no network: a list of its passes, signed, to be compared with what phones show."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from litestar import Controller, Response
from litestar.params import FromPath

from domain.goods import Unit
from domain.groups.passes.events import PassStatus
from domain.groups.values import PickupPlace
from domain.values import Value
from interfaces.http.caller import Caller, signed_in
from interfaces.http.errors import Problem, problems
from interfaces.http.queries.groups.members import short
from interfaces.http.queries.groups.passes import PRIVATE, names_in, sealed
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.groups.passes.page import BY_KEY, PassPage, at_counter_of, of_group, view
from projections.groups.passes.ports import FileSigner, PassTokens, SignedFile
from projections.ports import Clock, Documents, Found
from projections.sql import Where

AT_ONCE = 500
"""Rows of one statement."""

stored = msgspec.json.Decoder(PassPage)


class ListedPass(Value, frozen=True):
    """A pass by what a phone may show: `tokenHashes` are SHA-256 of its tokens, in hexadecimal digits.

    `name` is the first name with the initial of the last; nothing else about the person stands here.
    """

    pass_id: UUID
    number: int
    token_hashes: tuple[str, ...]
    name: str
    quantity: int
    left: int
    status: PassStatus
    expires_at: datetime


class CounterList(Value, frozen=True):
    """What lies ready at one place, as it was known at `madeAt`."""

    group_id: UUID
    pickup_id: UUID
    pickup: PickupPlace | None
    title: str
    sku: str
    unit: Unit
    made_at: datetime
    passes: tuple[ListedPass, ...]


class CounterQueries(Controller):
    path = "/v1/groups/{group_id:uuid}/pickups/{pickup_id:uuid}"
    tags = ("passes",)

    @get(
        "/list",
        guards=[signed_in],
        sync_to_thread=True,
        opt={"projection": view.name},
        responses=problems("pickup_not_found"),
    )
    def offline(
        self,
        group_id: FromPath[UUID],
        pickup_id: FromPath[UUID],
        caller: Given[Caller],
        documents: Given[Documents],
        pass_tokens: Given[PassTokens],
        file_signer: Given[FileSigner],
        clock: Given[Clock],
    ) -> Response[SignedFile]:
        """The passes of a pick-up place as a file, for a counter without a network: for the group's organiser and staff.

        A JSON Web Signature by EdDSA; `GET /v1/pass-keys` has the keys. Its payload is JSON: `groupId`, `pickupId`, `pickup`, `title`,
        `sku`, `unit`, `madeAt` and `passes`, each with `passId`, `number`, `tokenHashes`, `name`, `quantity`, `left`, `status` and
        `expiresAt`. The counter hashes what it scans (SHA-256 of the token's characters) and looks it up; what it hands out it tells
        afterwards by `reconcile`. 404 `pickup_not_found` where the caller hands nothing out.
        """
        where = at_counter_of(caller.actor) & of_group(group_id, pickup_id)
        listed = [each for rows, names in batches(documents, where) for each in entries(rows, names, pass_tokens)]
        if not listed:
            raise Problem(404, "pickup_not_found")
        of = listed[0][0]
        passes = tuple(each for _, each in listed)
        content = CounterList(group_id, pickup_id, of.pickup, of.title, of.sku, of.unit, clock(), passes)
        headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="passes-{pickup_id}.json"'}
        return Response(file_signer.sign(msgspec.json.encode(content)), headers=headers)


def batches(documents: Documents, where: Where) -> Iterator[tuple[list[Found], Mapping[UUID | str, str]]]:
    cursor: str | None = None
    while True:
        found = documents.page(view, where, limit=AT_ONCE, cursor=cursor, order=BY_KEY)
        yield list(found.items), names_in(documents, found.items)
        cursor = found.next
        if cursor is None:
            return


def entries(rows: list[Found], names: Mapping[UUID | str, str], tokens: PassTokens) -> Iterator[tuple[PassPage, ListedPass]]:
    for row in rows:
        page = stored.decode(row.document)
        hashes = tuple(tokens.hashes(sealed(row)))
        name = short(names.get(page.member_id, ""))
        yield page, ListedPass(page.id, page.number, hashes, name, page.quantity, page.left, page.status, page.expires_at)
