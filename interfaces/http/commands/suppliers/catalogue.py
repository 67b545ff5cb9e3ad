"""Bringing a supplier's whole catalogue as a file."""

from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, RawBody

from application.commands.suppliers.catalogue import BringCatalogue
from domain.values import Role
from interfaces.http.answers import Accepted
from interfaces.http.caller import requires
from interfaces.http.commands.listings.imports import FILE_LIMIT
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import post


class CatalogueCommands(Controller):
    path = "/v1/suppliers/{supplier_id:uuid}/catalogue"
    tags = ("suppliers",)

    @post(
        "/",
        status_code=202,
        guards=[requires(Role.SUPPLIER)],
        sync_to_thread=True,
        request_max_body_size=FILE_LIMIT,
        opt={"accepts": "text/csv"},
        responses=problems("not_yours", "supplier_not_found", "supplier_not_verified", "seller_not_found"),
    )
    def bring(
        self, supplier_id: FromPath[UUID], body: RawBody, run: Given[Dispatch], bring_catalogue: Given[BringCatalogue]
    ) -> Response[Accepted]:
        """Bring wholesale goods in as CSV, by an owner or manager; follow it, with a report on every row, at `Location`.

        The columns are those of the products file, `attributes` with `minimumQuantity` among them. What is known by its `sku` is
        brought up to date; what is new awaits review. An import that is stopped goes on where it was.
        """
        done = bring_catalogue(supplier_id, run.new_id(), body, run.by, run.now, run.meta)
        return run.answer(done, "/v1/imports", status=202)
