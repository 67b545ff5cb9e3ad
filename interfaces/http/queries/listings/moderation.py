"""What moderators have before them."""

from typing import Any

from litestar import Controller, Response

from domain.listings.events import Status
from domain.values import Role
from interfaces.http.answers import page
from interfaces.http.caller import Caller, requires
from interfaces.http.errors import problems
from interfaces.http.queries.listings.listings import Category, Cursor, Kind, Limit, ListingList, actions
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.listings.counts import count
from projections.listings.moderation import LONGEST_WAIT_FIRST, QUEUE
from projections.listings.page import asked_for, view
from projections.ports import Counts, Documents

MODERATORS = requires(Role.MODERATOR, Role.ADMIN)


class ModerationQueries(Controller):
    path = "/v1/moderation"
    tags = ("moderation",)

    @get("/queue", guards=[MODERATORS], sync_to_thread=True, opt={"projection": view.name}, responses=problems("bad_cursor"))
    def queue(
        self,
        caller: Given[Caller],
        documents: Given[Documents],
        kind: Kind = None,
        category: Category = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Response[ListingList]:
        """Submitted listings, the longest wait first."""
        where = QUEUE & asked_for(kind, category, None, None)
        found = documents.page(view, where, limit=limit, cursor=cursor, order=LONGEST_WAIT_FIRST)
        answer: Any = page(found, lambda each: actions(each, caller))
        return answer

    @get("/counts", guards=[MODERATORS], sync_to_thread=True, opt={"projection": count.name})
    def counted(self, counts: Given[Counts]) -> dict[Status, int]:
        """How many listings stand in each status."""
        found = counts.read(count)
        return {status: found.get(status, 0) for status in Status}
