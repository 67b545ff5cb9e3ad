"""Rating a supplier: what somebody had of a group is looked up there."""

from datetime import datetime
from uuid import UUID

from application.handler import Appended, Handler
from application.ports import Meta
from domain.decider import Rejected
from domain.groups.group import groups
from domain.groups.standing import Opened
from domain.groups.values import Status
from domain.suppliers.commands import RateSupplier
from domain.suppliers.rating import rating_id
from domain.values import Actor


class Rate:
    """Refuses `group_not_found` where the group did not buy of this supplier, `nothing_collected` and `already_rated`."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, supplier_id: UUID, group_id: UUID, stars: int, by: Actor, now: datetime, meta: Meta) -> Appended:
        group = self.handle.state(group_id, groups)
        if not isinstance(group, Opened) or group.supplier_id != supplier_id:
            raise Rejected("group_not_found")
        member = group.members.get(by.id)
        collected = group.status is Status.COMPLETED and member is not None and member.collected > 0
        command = RateSupplier(supplier_id, group_id, by.id, stars, collected, now)
        return self.handle(rating_id(group_id, by.id), command, meta)
