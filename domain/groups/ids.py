"""Names that a group's life derives from the group's own, so that whoever reacts to it finds the same ones."""

from uuid import UUID, uuid5


def quote_id(group_id: UUID) -> UUID:
    return uuid5(group_id, "quote")


def shipment_id(group_id: UUID) -> UUID:
    return uuid5(group_id, "shipment")


def pass_id(group_id: UUID, member_id: UUID, number: int) -> UUID:
    """Of a member's passes, which count from 1: a lost one is followed by the next."""
    return uuid5(group_id, f"pass {member_id} {number}")


def channel_id(group_id: UUID) -> UUID:
    """Where the group's members talk."""
    return uuid5(group_id, "chat")


def contribution_id(group_id: UUID, member_id: UUID) -> UUID:
    return uuid5(group_id, str(member_id))


def refund_id(group_id: UUID, reason: str, member_id: UUID, payment_id: UUID) -> UUID:
    """`reason` tells apart the refunds of one payment; what is said of a refund is found by the id that its `Owing` has."""
    return uuid5(group_id, f"refund {reason} {member_id} {payment_id}")
