"""Proofs of history for auditors: signed tree heads, and that events are in them and that they grow from one another."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Annotated

from litestar import Controller
from litestar.params import QueryParameter
from msgspec import Struct

from interfaces.http.errors import Problem, problems
from interfaces.http.queries.audit.recording import AUDITORS, Audited
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.seals import Consistency, Head, PositionNotSealed, PositionUnknown, Proof, SealKey, Seals, SizeUnknown

LAST = 2**53 - 1

Size = Annotated[int | None, QueryParameter(ge=1, le=LAST, description="The `size` of a tree head; otherwise the newest.")]


class Heads(Struct, frozen=True):
    """`next` is what to ask for as `after`, or null where nothing followed."""

    items: list[Head]
    next: int | None


class Keys(Struct, frozen=True):
    """The present key is the last."""

    items: list[SealKey]


class ProofQueries(Controller):
    """The log is sealed in blocks of at most 1,024 events, at the latest some ten seconds after an event was recorded.

    Everything here can be checked without this service, by `interfaces/verifier/verify.py`.
    """

    path = "/v1/audit"
    tags = ("audit",)

    @get("/keys", guards=[AUDITORS], sync_to_thread=True)
    def keys(self, seals: Given[Seals], audited: Given[Audited]) -> Keys:
        """The public keys that tree heads are signed with, each signed by the next; the present one is the last."""
        found = list(seals.keys())
        audited(len(found))
        return Keys(found)

    @get("/tree-head", guards=[AUDITORS], sync_to_thread=True, responses=problems("size_unknown"))
    def tree_head(self, seals: Given[Seals], audited: Given[Audited], size: Size = None) -> Head:
        """The newest signed tree head, or that of a size. Keep it elsewhere: what it covers can then not be cut off unseen."""
        with recorded(audited):
            return seals.head(size)

    @get("/tree-heads", guards=[AUDITORS], sync_to_thread=True)
    def tree_heads(
        self,
        seals: Given[Seals],
        audited: Given[Audited],
        after: Annotated[int, QueryParameter(ge=0, le=LAST, description="Only greater than this: `next` of the page before.")] = 0,
        limit: Annotated[int, QueryParameter(ge=1, le=1000, description="How many at most.")] = 100,
    ) -> Heads:
        """All signed tree heads, the smallest first; each names the hash of the one before."""
        found = seals.heads(after, limit + 1)
        audited(min(len(found), limit))
        return Heads(list(found[:limit]), found[limit - 1].size if len(found) > limit else None)

    @get(
        "/proofs/inclusion",
        guards=[AUDITORS],
        sync_to_thread=True,
        responses=problems("position_unknown", "position_not_sealed", "size_unknown"),
    )
    def inclusion(
        self,
        seals: Given[Seals],
        audited: Given[Audited],
        position: Annotated[int, QueryParameter(ge=0, le=LAST, description="Where the event stands on the log.")],
        size: Size = None,
    ) -> Proof:
        """Proves that the event at a position is in a signed tree. `leaf` are its bytes as stored, so personal fields are encrypted."""
        with recorded(audited):
            return seals.inclusion(position, size)

    @get("/proofs/consistency", guards=[AUDITORS], sync_to_thread=True, responses=problems("size_unknown"))
    def consistency(
        self,
        seals: Given[Seals],
        audited: Given[Audited],
        before: Annotated[int, QueryParameter(name="from", ge=1, le=LAST, description="The `size` of the earlier tree head.")],
        after: Annotated[int, QueryParameter(name="to", ge=1, le=LAST, description="The `size` of the later tree head.")],
    ) -> Consistency:
        """Proves that the later tree holds all events of the earlier one, unchanged and in the same order."""
        with recorded(audited):
            return seals.consistency(before, after)


@contextmanager
def recorded(audited: Audited) -> Generator[None]:
    """One thing is read, or refused with its code; both are recorded before they are answered."""
    try:
        yield
    except PositionUnknown:
        raise audited.missing("position_unknown", "No event stands at this position.") from None
    except SizeUnknown:
        raise audited.missing("size_unknown", "No tree head of this size was signed, or `from` is greater than `to`.") from None
    except PositionNotSealed:
        audited(0)
        raise Problem(409, "position_not_sealed", "This event is not in that tree; new ones are sealed within some ten seconds.") from None
    audited(1)
