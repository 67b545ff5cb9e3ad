"""Bringing a supplier's catalogue as a file: wholesale goods, in the name in which the company sells."""

from datetime import datetime
from uuid import UUID

from application.commands.imports import StartImport
from application.commands.suppliers.acting import acting_for, company, verified_supplier
from application.handler import Appended, Handler
from application.ports import Meta
from domain.decider import Rejected
from domain.listings.commands import RequestImport
from domain.listings.goods.products import WHOLESALE
from domain.suppliers.events import MemberRole
from domain.values import Actor


class BringCatalogue:
    """Owners and managers of a verified supplier do. Refuses `not_yours`, `supplier_not_found` and `supplier_not_verified`."""

    def __init__(self, handle: Handler, start_import: StartImport) -> None:
        self.handle = handle
        self.start_import = start_import

    def __call__(self, supplier_id: UUID, import_id: UUID, content: bytes, by: Actor, now: datetime, meta: Meta) -> Appended:
        if acting_for(self.handle, supplier_id, by) is MemberRole.CLERK:
            raise Rejected("not_yours", "Owners and managers bring the catalogue.")
        seller = company(self.handle, supplier_id).seller_id
        verified_supplier(self.handle, seller)
        command = RequestImport(import_id, WHOLESALE, seller, publish=False, by=by, now=now, agent=True)
        return self.start_import(command, content, meta)
