"""Who acts for which supplier: asked before quotes are given, goods are sent, and wholesale goods are put on offer."""

from uuid import UUID

from application.handler import Handler
from domain.decider import Rejected
from domain.suppliers.events import MemberRole, Status
from domain.suppliers.seat import seat_id, seats
from domain.suppliers.supplier import Company, suppliers
from domain.values import Actor


def company(handle: Handler, supplier_id: UUID) -> Company:
    """Refuses `supplier_not_found`."""
    found = handle.state(supplier_id, suppliers)
    if not isinstance(found, Company):
        raise Rejected("supplier_not_found")
    return found


def acting_for(handle: Handler, supplier_id: UUID, by: Actor) -> MemberRole:
    """What `by` is in the company; `not_yours` for who is no member of it, `supplier_not_found` where there is none."""
    role = company(handle, supplier_id).members.get(by.id)
    if role is None:
        raise Rejected("not_yours", "Only members of the company act for it.")
    return role


def verified_supplier(handle: Handler, seller_id: UUID) -> Company:
    """The verified company whose goods are listed in this seller's name; refuses `supplier_not_verified` where there is none."""
    found = handle.state(seat_id(seller_id), seats).supplier_id
    if found is not None:
        supplier = company(handle, found)
        if supplier.status is Status.VERIFIED and supplier.seller_id == seller_id:
            return supplier
    raise Rejected("supplier_not_verified", "Wholesale goods are sold by suppliers that staff have verified.")
