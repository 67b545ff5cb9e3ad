"""Asking for an import: the file is kept beside the log, in the append of the request."""

from uuid import UUID

from application.commands.suppliers.acting import verified_supplier
from application.handler import Appended, Handler
from application.ports import Meta
from application.rows import KeepFile
from domain.decider import Rejected
from domain.listings.commands import RequestImport
from domain.listings.goods.products import WHOLESALE
from domain.users.user import Registered, users


class StartImport:
    """Refuses `format_unknown`, `seller_not_found` and `supplier_not_verified`; the file is read later, when the import runs."""

    def __init__(self, handle: Handler, formats: frozenset[str]) -> None:
        self.handle = handle
        self.formats = formats

    def __call__(self, command: RequestImport, content: bytes, meta: Meta) -> Appended:
        if command.format not in self.formats:
            raise Rejected("format_unknown", f"Known: {', '.join(sorted(self.formats))}.")
        self._require_seller(command.seller_id)
        if command.format == WHOLESALE:
            verified_supplier(self.handle, command.seller_id)
        return self.handle(command.import_id, command, meta, rows=[KeepFile(command.import_id, content)])

    def _require_seller(self, seller_id: UUID) -> None:
        if not isinstance(self.handle.state(seller_id, users), Registered):
            raise Rejected("seller_not_found")
