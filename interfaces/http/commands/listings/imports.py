"""Bringing whole files of listings in, by sellers for themselves and by admins for anyone."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, QueryParameter, RawBody

from application.commands.imports import StartImport
from domain.listings.commands import CancelImport, RequestImport
from domain.values import Role
from interfaces.http.answers import Accepted
from interfaces.http.caller import requires
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import post

IMPORTERS = requires(Role.SELLER, Role.SUPPLIER, Role.ADMIN)
FILE_LIMIT = 64 * 1024 * 1024
"""Bytes of an imported file."""

Format = Annotated[str, QueryParameter(description="What the file is: `boats`, `products` or `wholesale`.", min_length=1, max_length=40)]
Seller = Annotated[UUID, QueryParameter(description="In whose name the listings are.")]
Publish = Annotated[bool, QueryParameter(description="Approve and publish what the file brings; else it awaits review.")]


class ImportCommands(Controller):
    path = "/v1/imports"
    tags = ("imports",)

    @post(
        "/",
        status_code=202,
        guards=[IMPORTERS],
        sync_to_thread=True,
        request_max_body_size=FILE_LIMIT,
        opt={"accepts": "text/csv"},
        responses=problems("format_unknown", "seller_not_found", "supplier_not_verified", "own_listing", "not_yours"),
    )
    def start(
        self,
        body: RawBody,
        format: Format,
        seller: Seller,
        run: Given[Dispatch],
        start_import: Given[StartImport],
        publish: Publish = False,
    ) -> Response[Accepted]:
        """Bring a CSV file of `boats`, `products` or `wholesale` goods in; it is read afterwards, by the role `work`.

        Follow it at `Location`.

        Products and wholesale goods come one article a line, in the columns `sku`, `title`, `category`, `price` and `currency`, and
        as wanted `product` (the article whose variant this is; its lines follow each other), `variant`, `description`,
        `attributes`, `options`, `unit`, `content`, `tax_class`, `tiers`, `low_at` and `stock` (what is on the shelf). What is known
        by its `sku` is brought up to date.
        """
        command = RequestImport(run.new_id(), format, seller, publish, run.by, run.now)
        return run.answer(start_import(command, body, run.meta), "/v1/imports", status=202)

    @post(
        "/{import_id:uuid}/cancel",
        status_code=200,
        guards=[IMPORTERS],
        sync_to_thread=True,
        responses=problems("import_not_found", "import_ended", "not_yours"),
    )
    def cancel(self, import_id: FromPath[UUID], run: Given[Dispatch]) -> Response[Accepted]:
        """End an import between two of its batches; what was brought stays."""
        return run(import_id, CancelImport(import_id, run.by, run.now))
