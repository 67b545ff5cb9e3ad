"""What a webhook endpoint's owner asks for happens to its books in the append that records who asked for it."""

from base64 import b64encode

from application.commands.endpoints.books import (
    AlterEndpoint,
    CloseEndpoint,
    EndpointBooks,
    FollowSecret,
    OpenEndpoint,
    QueueAgain,
    QueueReplay,
    QueueTest,
    Secrets,
    SwitchOff,
    SwitchOn,
)
from application.handler import Appended, Handler
from application.ports import Meta, Row
from application.webhooks.ports import Addresses
from domain.decider import Rejected
from domain.integrations.endpoints.commands import (
    ChangeEndpoint,
    CreateEndpoint,
    DeleteEndpoint,
    DisableEndpoint,
    EnableEndpoint,
    RepeatDelivery,
    ReplayEndpoint,
    RotateSecret,
    TestEndpoint,
)
from domain.integrations.endpoints.endpoint import BOTH_SIGN, Uncreated, endpoints

MOST = 50
"""Endpoints that one owner may have: every event goes to each of them."""

Plain = DisableEndpoint | EnableEndpoint | DeleteEndpoint | TestEndpoint


class TendEndpoint:
    """A command given again is answered as before, whatever the books say by now."""

    def __init__(self, handle: Handler, books: EndpointBooks, secrets: Secrets, addresses: Addresses) -> None:
        self._handle = handle
        self._books = books
        self._secrets = secrets
        self._addresses = addresses

    def create(self, command: CreateEndpoint, meta: Meta) -> tuple[Appended, str | None]:
        """With the secret, which nothing shows later but the same command given again. `url_insecure`, `host_unknown` and the like."""
        if before := self._handle.before(meta, endpoints):
            return before[0], self._shown(meta)
        endpoints.decide(command, Uncreated())  # what is wrong in itself is not looked up
        if self._books.open_of(command.by.id) >= MOST:
            raise Rejected("too_many_endpoints", f"Nobody has more than {MOST}: delete some, or change them.")
        self._addresses.check(command.url.strip())
        secret = self._secrets.made()
        wrapped = self._secrets.wrapped(command.endpoint_id, secret)
        types = sorted(set(command.types))
        row = OpenEndpoint(
            command.endpoint_id,
            command.by.id,
            command.url.strip(),
            types,
            command.description.strip(),
            meta.command_id,
            wrapped,
            command.now,
        )
        appended = self._handle(command.endpoint_id, command, meta, rows=[row])
        return appended, self._shown(meta) if appended.replayed else told(secret)

    def change(self, command: ChangeEndpoint, meta: Meta, expected: int | None = None) -> Appended:
        """`endpoint_not_found`, `not_yours`, and of a new address as above."""
        if before := self._handle.before(meta, endpoints):
            return before[0]
        if command.url is not None:
            endpoints.decide(command, self._handle.state(command.endpoint_id, endpoints))
            self._addresses.check(command.url.strip())
        types = None if command.types is None else sorted(set(command.types))
        url, description = (None if text is None else text.strip() for text in (command.url, command.description))
        return self._handle(command.endpoint_id, command, meta, expected, [AlterEndpoint(command.endpoint_id, url, types, description)])

    def rotate(self, command: RotateSecret, meta: Meta, expected: int | None = None) -> tuple[Appended, str | None]:
        """With the new secret, as above."""
        if before := self._handle.before(meta, endpoints):
            return before[0], self._shown(meta)
        secret = self._secrets.made()
        wrapped = self._secrets.wrapped(command.endpoint_id, secret)
        row = FollowSecret(command.endpoint_id, meta.command_id, wrapped, command.now + BOTH_SIGN, command.now)
        appended = self._handle(command.endpoint_id, command, meta, expected, [row])
        return appended, self._shown(meta) if appended.replayed else told(secret)

    def repeat(self, command: RepeatDelivery, meta: Meta, expected: int | None = None) -> Appended:
        """`delivery_not_found`, `endpoint_disabled`, `endpoint_not_found` and `not_yours`."""
        if before := self._handle.before(meta, endpoints):
            return before[0]
        endpoints.decide(command, self._handle.state(command.endpoint_id, endpoints))  # whose it is not learns nothing of what was sent
        if not self._books.has_delivery(command.endpoint_id, command.delivery_id):
            raise Rejected("delivery_not_found")
        row = QueueAgain(command.endpoint_id, command.delivery_id, command.now)
        return self._handle(command.endpoint_id, command, meta, expected, [row])

    def replay(self, command: ReplayEndpoint, meta: Meta, expected: int | None = None) -> Appended:
        """`position_unknown`, `endpoint_disabled`, `endpoint_not_found` and `not_yours`."""
        if before := self._handle.before(meta, endpoints):
            return before[0]
        if not self._books.reached(command.position):
            raise Rejected("position_unknown", "The log has not come that far.")
        row = QueueReplay(command.endpoint_id, list(self._books.feeds()), command.position)
        return self._handle(command.endpoint_id, command, meta, expected, [row])

    def plainly(self, command: Plain, meta: Meta, expected: int | None = None) -> Appended:
        """Of what needs nothing looked up: `endpoint_not_found`, `not_yours`, and for a test `endpoint_disabled`."""
        return self._handle(command.endpoint_id, command, meta, expected, [row_of(command)])

    def _shown(self, meta: Meta) -> str | None:
        secret = self._books.secret(meta.command_id)
        return None if secret is None else told(secret)


def row_of(command: Plain) -> Row:
    match command:
        case DisableEndpoint():
            return SwitchOff(command.endpoint_id, "asked", command.now)
        case EnableEndpoint():
            return SwitchOn(command.endpoint_id, command.now)
        case TestEndpoint():
            return QueueTest(command.endpoint_id, command.delivery_id, command.now)
        case DeleteEndpoint():
            return CloseEndpoint(command.endpoint_id, command.now)


def told(secret: bytes) -> str:
    """As Standard Webhooks writes a symmetric secret."""
    return f"whsec_{b64encode(secret).decode()}"
