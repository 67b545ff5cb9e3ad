"""How many users hold each role, for the people who run the market."""

from uuid import UUID

from domain.users.events import RoleGranted, RoleRevoked
from projections.view import Count


def evolve(roles: tuple[str, ...], event: RoleGranted | RoleRevoked) -> tuple[str, ...]:
    others = tuple(role for role in roles if role != event.role)
    return (*others, event.role.value) if isinstance(event, RoleGranted) else others


def user_of(event: RoleGranted | RoleRevoked) -> UUID:
    return event.user_id


count = Count("users_by_role", key=user_of, evolve=evolve, events=(RoleGranted, RoleRevoked))
