"""Who stands behind a request, as its token or key proves."""

from uuid import UUID

from domain.values import Role, Value


class Identity(Value, frozen=True):
    """A person in a session (`session_id`, no `scopes`) or a service by an API key (`scopes`, no `session_id`)."""

    user_id: UUID
    roles: frozenset[Role]
    session_id: UUID | None = None
    scopes: frozenset[str] | None = None
