"""Codes of six digits, shown to couriers or texted to who signs in: made from a thing's id, not kept, so that there is nothing to lose."""

import hashlib
import hmac
from uuid import UUID

DIGITS = 6


class DeliveryCodes:
    """`key` is the installation's; who has it can make codes, as he can make links (docs/decisions/0003)."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, delivery_id: UUID) -> str:
        mac = hmac.digest(self._key, delivery_id.bytes, hashlib.sha256)
        return f"{int.from_bytes(mac[:8], 'big') % 10**DIGITS:0{DIGITS}}"

    def fits(self, delivery_id: UUID, code: str) -> bool:
        return hmac.compare_digest(self.of(delivery_id).encode(), code.encode())
