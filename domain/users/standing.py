"""A user's standing: who may do what with an account in which status."""

from typing import Literal
from uuid import UUID

from domain.lifecycle import Lifecycle, step
from domain.users.commands import (
    ChangePassword,
    EditProfile,
    GrantRole,
    ProvePhone,
    ReinstateUser,
    RequestEmailChange,
    RequestErasure,
    RevokeRole,
    SetPreferences,
    SuspendUser,
    WithdrawErasure,
)
from domain.values import Actor, Role

Kind = Literal["person", "service"]
Status = Literal["registered", "active", "leaving", "suspended", "erased"]
"""Registered: the address is not proven yet. Leaving: to be erased, unless that is taken back; everything else goes on as before."""

ANY = ("registered", "active", "leaving", "suspended")
GOOD = ("registered", "active", "leaving")

LIFECYCLE = Lifecycle(
    "account",
    [
        step("edit-profile", EditProfile, GOOD, ["self"], "suspended"),
        step("set-preferences", SetPreferences, GOOD, ["self"], "suspended"),
        step("change-password", ChangePassword, GOOD, ["self"], "suspended"),
        step("change-email", RequestEmailChange, GOOD, ["self"], "suspended"),
        step("add-phone", ProvePhone, GOOD, ["self"], "suspended"),
        step("grant-role", GrantRole, ANY, ["admin", "other admin"], "suspended"),
        step("revoke-role", RevokeRole, ANY, ["admin", "other admin"], "suspended"),
        step("suspend", SuspendUser, GOOD, ["other admin"], "already_suspended"),
        step("reinstate", ReinstateUser, ["suspended"], ["other admin"], "not_suspended"),
        step("erase", RequestErasure, GOOD, ["self"], "suspended"),
        step("erase", RequestErasure, ANY, ["admin for a person"], "user_not_found"),
        step("restore", WithdrawErasure, ["leaving"], ["self", "admin for a person"], "erasure_not_requested"),
    ],
)
"""What comes by a mailed link is not in the table: the link itself is the permission."""


def status_of(*, verified: bool, suspended: bool, leaving: bool = False) -> Status:
    if suspended:
        return "suspended"
    if leaving:
        return "leaving"
    return "active" if verified else "registered"


def relations(by: Actor, user_id: UUID, kind: Kind) -> frozenset[str]:
    """What `by` is to the account. A service has no part in its own account; admins look after it."""
    is_self = by.id == user_id
    is_admin = by.is_any(Role.ADMIN)
    found = {"self"} if is_self and kind == "person" else set[str]()
    if is_admin:
        found.add("admin" if is_self else "other admin")
        if not is_self and kind == "person":
            found.add("admin for a person")
    return frozenset(found)


def next_actions(user_id: UUID, kind: Kind, status: Status, by: Actor) -> list[str]:
    """What `by` may do next with an account: for queries, from a read model's row."""
    return LIFECYCLE.actions(status, relations(by, user_id, kind))
