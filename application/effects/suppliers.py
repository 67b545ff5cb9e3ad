"""What events of suppliers owe the people who act for them: word of every step of the verification."""

from application.effects.effect import Circular
from domain.suppliers.events import MoreAsked, SupplierRefused, SupplierVerified, VerificationRequested

NOTICES = (
    Circular(VerificationRequested, "supplier_requested", "supplier"),
    Circular(MoreAsked, "supplier_more_needed", "supplier"),
    Circular(SupplierVerified, "supplier_verified", "supplier"),
    Circular(SupplierRefused, "supplier_refused", "supplier"),
)
