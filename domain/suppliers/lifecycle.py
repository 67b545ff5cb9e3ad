"""What may be done with a supplier in which status, and by whom."""

from collections.abc import Mapping
from uuid import UUID

from domain.lifecycle import Lifecycle, step
from domain.suppliers.commands import (
    AcceptInvitation,
    AddDocument,
    AskForMore,
    BeginReview,
    ChangeColleague,
    CorrectSupplier,
    InviteColleague,
    RefuseSupplier,
    RemoveColleague,
    RequestVerification,
    SetBankDetails,
    VerifySupplier,
)
from domain.suppliers.events import MemberRole, Status
from domain.values import Actor, Role

OWNER, MANAGER, CLERK = MemberRole
STAFF = "staff"
INVITED = "invited"
SELF = "self"
"""A member or somebody invited, asked about himself: whoever leaves, or never comes."""

OPEN = {Status.REGISTERED, Status.MORE_NEEDED}
NOT_REFUSED = set(Status) - {Status.REFUSED}

LIFECYCLE = Lifecycle(
    "supplier",
    [
        step("correct", CorrectSupplier, OPEN, {OWNER, MANAGER}, "supplier_not_editable"),
        step("bank-details", SetBankDetails, NOT_REFUSED, {OWNER}, "supplier_refused"),
        step("add-document", AddDocument, {*OPEN, Status.VERIFIED}, {OWNER, MANAGER}, "supplier_not_editable"),
        step("request", RequestVerification, OPEN, {OWNER, MANAGER}, "verification_requested"),
        step("review", BeginReview, {Status.REQUESTED}, {STAFF}, "verification_not_requested"),
        step("ask", AskForMore, {Status.IN_REVIEW}, {STAFF}, "supplier_not_in_review"),
        step("verify", VerifySupplier, {Status.IN_REVIEW}, {STAFF}, "supplier_not_in_review"),
        step("refuse", RefuseSupplier, {Status.IN_REVIEW, Status.VERIFIED}, {STAFF}, "supplier_not_in_review"),
        step("invite", InviteColleague, NOT_REFUSED, {OWNER}, "supplier_refused"),
        step("accept", AcceptInvitation, NOT_REFUSED, {INVITED}, "supplier_refused"),
        step("change-member", ChangeColleague, NOT_REFUSED, {OWNER}, "supplier_refused"),
        step("remove-member", RemoveColleague, Status, {OWNER}, "supplier_refused"),
        step("leave", RemoveColleague, Status, {SELF}, "supplier_refused"),
    ],
)


def relations(members: Mapping[UUID, MemberRole], invited: Mapping[UUID, MemberRole], by: Actor) -> frozenset[str]:
    """Staff that belong to the company are here its members alone: others judge it."""
    if (role := members.get(by.id)) is not None:
        return frozenset({role})
    known = {INVITED} if by.id in invited else set[str]()
    return frozenset(known | ({STAFF} if by.is_any(Role.STAFF, Role.ADMIN) else set()))


def next_actions(status: str, members: Mapping[UUID, MemberRole], invited: Mapping[UUID, MemberRole], by: Actor) -> list[str]:
    """What `by` may do next with a supplier: for queries, from a read model's row."""
    return LIFECYCLE.actions(status, relations(members, invited, by) | ({SELF} if may_leave(members, invited, by) else set()))


def may_leave(members: Mapping[UUID, MemberRole], invited: Mapping[UUID, MemberRole], by: Actor) -> bool:
    """The last owner stays; an invitation is declined in the same way."""
    others = (role for user, role in members.items() if user != by.id)
    return by.id in invited or (by.id in members and OWNER in others)
