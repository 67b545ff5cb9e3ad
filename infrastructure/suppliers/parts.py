"""What suppliers are made of, wired."""

from collections.abc import Mapping
from typing import Any

from psycopg_pool import ConnectionPool

from application.commands.imports import StartImport
from application.commands.suppliers.catalogue import BringCatalogue
from application.commands.suppliers.companies import ChangeStaffing, Correct, Invite, Judge, SignUp
from application.commands.suppliers.papers import AddPaper
from application.commands.suppliers.ratings import Rate
from application.credentials import Remembered
from application.handler import Handler
from infrastructure.settings import Settings
from infrastructure.suppliers.archive import PostgresDocumentArchive


class SupplierParts:
    """`commands` are what routes are given, by name."""

    def __init__(
        self, settings: Settings, pool: ConnectionPool[Any], handle: Handler, remembered: Remembered, start_import: StartImport
    ) -> None:
        self.archive = PostgresDocumentArchive(pool, *settings.wrapping_keys)
        self.commands: Mapping[str, Any] = {
            "sign_up_supplier": SignUp(handle),
            "correct_supplier": Correct(handle),
            "judge_supplier": Judge(handle, remembered),
            "invite_colleague": Invite(handle),
            "change_staffing": ChangeStaffing(handle, remembered),
            "add_paper": AddPaper(handle, self.archive),
            "bring_catalogue": BringCatalogue(handle, start_import),
            "rate_supplier": Rate(handle),
        }
