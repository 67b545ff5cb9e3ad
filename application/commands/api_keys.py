"""Making and revoking the keys of services."""

from application import rows
from application.credentials import ApiKeyIssuer, Remembered
from application.handler import Appended, Handler
from application.ports import Meta
from domain.decider import Rejected
from domain.users.api_key import Created
from domain.users.commands import CreateApiKey, RevokeApiKey
from domain.users.user import Registered, users


class MakeKey:
    """Refuses `user_not_found` and `not_a_service`. Returns the key beside the answer: nothing can show it later."""

    def __init__(self, handle: Handler, keys: ApiKeyIssuer) -> None:
        self.handle = handle
        self.keys = keys

    def __call__(self, command: CreateApiKey, meta: Meta) -> tuple[Appended, str]:
        holder = self.handle.state(command.user_id, users)
        if not isinstance(holder, Registered):
            raise Rejected("user_not_found")
        if holder.kind != "service":
            raise Rejected("not_a_service", "People sign in; keys are for service accounts.")
        hash = self.keys.new(command.key_id).hash
        written = [rows.OpenApiKey(command.key_id, command.user_id, hash, sorted(command.scopes))]
        appended = self.handle(command.key_id, command, meta, rows=written)
        return appended, self.keys.new(appended.stream).key


class RevokeKey:
    def __init__(self, handle: Handler, remembered: Remembered) -> None:
        self.handle = handle
        self.remembered = remembered

    def __call__(self, command: RevokeApiKey, meta: Meta, expected: int | None) -> Appended:
        appended = self.handle(command.key_id, command, meta, expected, [rows.CloseApiKey(command.key_id, command.now)])
        if isinstance(appended.state, Created):
            self.remembered.forget(appended.state.user_id)
        return appended
