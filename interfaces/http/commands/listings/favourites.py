"""Listings that people keep in sight."""

from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath

from application.commands.listings import KeepFavourite
from domain.listings.commands import RemoveFavourite
from domain.listings.interest.favourite import favourite_id
from interfaces.http.answers import Accepted
from interfaces.http.caller import signed_in
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import delete, put


class FavouriteCommands(Controller):
    path = "/v1/me/favourites/{listing_id:uuid}"
    tags = ("favourites",)

    @put("/", guards=[signed_in], sync_to_thread=True, responses=problems("listing_not_found"))
    def add(self, listing_id: FromPath[UUID], run: Given[Dispatch], keep_favourite: Given[KeepFavourite]) -> Response[Accepted]:
        """Keep a published listing in sight; again changes nothing."""
        return run.answer(keep_favourite(listing_id, run.by, run.now, run.meta, run.expected))

    @delete("/", status_code=200, guards=[signed_in], sync_to_thread=True)
    def remove(self, listing_id: FromPath[UUID], run: Given[Dispatch]) -> Response[Accepted]:
        """Give a favourite up; again changes nothing."""
        return run(favourite_id(run.by.id, listing_id), RemoveFavourite(run.by.id, listing_id, run.now))
