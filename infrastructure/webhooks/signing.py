"""Secrets of webhook endpoints, and signatures as Standard Webhooks has them (symmetric, `v1`)."""

import hmac
import os
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from application.commands.endpoints.books import Secrets
from application.webhooks.ports import Message
from infrastructure.wrapping import Wrapping

SECRET_BYTES = 32


class WrappedSecrets(Secrets):
    """`keys` are the key-encryption keys, the one for new wrappings first."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._wrapping = Wrapping(keys)

    def made(self) -> bytes:
        return os.urandom(SECRET_BYTES)

    def wrapped(self, endpoint_id: UUID, secret: bytes) -> bytes:
        return self._wrapping.wrap(secret, bound_to(endpoint_id))

    def clear(self, endpoint_id: UUID, wrapped: bytes) -> bytes:
        """Raises `cryptography.exceptions.InvalidTag` where it was wrapped by a key that is not given."""
        return self._wrapping.unwrap(wrapped, bound_to(endpoint_id))

    def headers(self, message: Message, at: datetime) -> Mapping[str, str]:
        """The three headers of Standard Webhooks: as many signatures as there are secrets, the present one's first."""
        id, moment = str(message.id), str(int(at.timestamp()))
        content = b"%b.%b.%b" % (id.encode(), moment.encode(), message.body)
        secrets = [self.clear(message.endpoint_id, each) for each in message.secrets]
        return {
            "webhook-id": id,
            "webhook-timestamp": moment,
            "webhook-signature": " ".join(signature(each, content) for each in secrets),
        }


def signature(secret: bytes, content: bytes) -> str:
    return f"v1,{b64encode(hmac.digest(secret, content, sha256)).decode()}"


def bound_to(endpoint: UUID) -> bytes:
    return b"webhooks/" + endpoint.bytes
