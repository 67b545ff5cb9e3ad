"""What is held about a person, for himself to take away."""

from itertools import chain
from typing import Any

from litestar import Controller
from litestar.openapi.datastructures import ResponseSpec
from litestar.response import Stream

from interfaces.http.caller import Caller, signed_in
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.users.export import Holdings, zipped
from projections.users.mentions import journal

ZIP = "application/zip"


class ExportQueries(Controller):
    path = "/v1/me/export"
    tags = ("me",)

    @get(
        "/",
        guards=[signed_in],
        sync_to_thread=True,
        media_type=ZIP,
        opt={"projection": journal.name},
        responses={200: ResponseSpec(bytes, generate_examples=False, media_type=ZIP, description="A JSON file for each topic.")},
    )
    def export(self, caller: Given[Caller], holdings: Given[Holdings]) -> Stream:
        """Everything that is held about the caller, as JSON in a zip: what he sees elsewhere, his sessions, and all events about him.

        What is personal to others in those events is left out.
        """
        headers = {"Content-Disposition": 'attachment; filename="tradewind.zip"', "Cache-Control": "no-store"}
        pieces = zipped(holdings.topics(caller.id))
        first = next(pieces)  # what is unavailable is to be told by the answer's status
        content: Any = chain([first], pieces)
        return Stream(content, media_type=ZIP, headers=headers)
