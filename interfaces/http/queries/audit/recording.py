"""Who may read history, and that every read of it is written down before it is answered."""

from typing import Any

from litestar import Request

from domain.values import Role
from interfaces.http.caller import caller_of, requires
from interfaces.http.errors import Problem
from projections.audit import AuditReads

AUDITORS = requires(Role.AUDITOR, Role.ADMIN)


class Audited:
    """Called by a route with how much it gives out, 0 where it refuses. Raises `Unavailable`: what cannot be recorded is not read."""

    def __init__(self, reads: AuditReads, request: Request[Any, Any, Any]) -> None:
        self._reads = reads
        self._request = request

    def __call__(self, found: int) -> None:
        asked = {name: str(value) for name, value in self._request.path_params.items()} | dict(self._request.query_params.items())
        self._reads.record(caller_of(self._request.scope).id, self._request.scope["path_template"], asked, found)

    def missing(self, code: str, detail: str, parameter: str | None = None) -> Problem:
        """The refusal of what does not exist: that it was asked for is recorded too."""
        self(0)
        return Problem(404, code, detail, parameter=parameter)
