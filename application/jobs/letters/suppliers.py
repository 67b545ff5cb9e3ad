"""What the people of a supplier are told of its verification."""

from collections.abc import Mapping

from application.handler import Handler
from application.jobs.ports import Skipped
from domain.suppliers.events import MoreAsked, SupplierRefused, SupplierVerified, VerificationRequested
from domain.suppliers.supplier import Company, suppliers

Verification = VerificationRequested | MoreAsked | SupplierVerified | SupplierRefused


def told_of_verification(event: Verification, handle: Handler) -> Mapping[str, str]:
    """Every fact that a letter about the event may tell."""
    company = handle.state(event.supplier_id, suppliers)
    if not isinstance(company, Company):
        raise Skipped("no_supplier")
    reason = event.reason if isinstance(event, MoreAsked | SupplierRefused) else ""
    return {"company": company.name, "quote": reason}
