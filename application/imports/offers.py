"""Brings rows that are listings of their own: each becomes one, once for ever."""

import hashlib
from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec import Struct

from application.imports.ports import Reported
from application.imports.rows import Accepted, Refused, Row
from application.imports.run import Run
from application.rows import KeepReport, Reserve
from domain.decider import Rejected
from domain.listings.commands import ApproveListing, DraftListing, PublishListing, SubmitListing
from domain.subscriptions.tiers.commands import TakePlace
from domain.subscriptions.tiers.places import places_id
from domain.values import Value

SPACE = "import_row"


class Offer(Struct, frozen=True):
    """A row on its way to being a listing; `key` is the same whenever this seller's row is brought again."""

    row: Accepted
    key: bytes
    listing_id: UUID


class Offers(Run):
    def bring(self, rows: Sequence[Row]) -> None:
        refused = [Reported(row.row, row.line, "refused", code=row.code, detail=row.detail) for row in rows if isinstance(row, Refused)]
        accepted = [(row, self._key(row)) for row in rows if isinstance(row, Accepted)]
        while True:
            brought = self.book.brought([key for _, key in accepted])
            known = [Reported(row.row, row.line, "known", brought[key]) for row, key in accepted if key in brought]
            offers = [Offer(row, key, self.ids()) for row, key in accepted if key not in brought]
            reports = sorted([*refused, *known, *map(made, offers)], key=lambda each: each.row)
            if not offers:
                self.book.report(self.asked.import_id, reports)
                return
            try:
                self._append(offers, reports)
            except Rejected as rejected:
                turned_down = [offer for offer in offers if offer.listing_id == rejected.stream]
                if not turned_down and rejected.code != f"{SPACE}_taken":
                    raise
                # A rule turned one row down, or another import brought one meanwhile: the others go on.
                refused += [Reported(each.row.row, each.row.line, "refused", None, rejected.code, rejected.detail) for each in turned_down]
                accepted = [(row, key) for row, key in accepted if all(row is not each.row for each in turned_down)]
                continue
            return

    def _append(self, offers: Sequence[Offer], reports: Sequence[Reported]) -> None:
        commands: list[tuple[UUID, Value]] = [(offer.listing_id, command) for offer in offers for command in self._commands(offer)]
        if self.asked.publish:
            # What an admin brings needs no room, but takes it.
            places, now = places_id(self.seller.id), self.clock()
            commands += [(places, TakePlace(self.seller.id, offer.listing_id, None, now)) for offer in offers]
        reserved = [Reserve(SPACE, offer.key, offer.listing_id) for offer in offers]
        report = KeepReport(self.asked.import_id, msgspec.json.encode(reports))
        self.handle.together(commands, self.meta(), rows=[*reserved, report])

    def _commands(self, offer: Offer) -> list[Value]:
        id, now, fields = offer.listing_id, self.clock(), offer.row.listing
        draft = DraftListing(
            id,
            self.seller.id,
            "classified",
            fields.category,
            self.by,
            now,
            fields.title,
            fields.description,
            fields.attributes,
            fields.price,
            fields.place,
        )
        offered = [draft, SubmitListing(id, self.seller, now)]
        published = [ApproveListing(id, self.by, now), PublishListing(id, self.seller, now)] if self.asked.publish else []
        return [*offered, *published]

    def _key(self, row: Accepted) -> bytes:
        return hashlib.sha256(f"{self.seller.id}\n{self.asked.format}\n{row.key}".encode()).digest()


def made(offer: Offer) -> Reported:
    row = offer.row
    return Reported(row.row, row.line, "repaired" if row.repairs else "accepted", offer.listing_id, repairs=row.repairs)
