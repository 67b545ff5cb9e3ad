"""Bringing a company's papers: what a file is, its first bytes say."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid5

from application.commands.suppliers.ports import DocumentArchive
from application.handler import Appended, Handler
from application.ports import Meta
from domain.decider import Rejected
from domain.suppliers.commands import AddDocument
from domain.suppliers.events import DocumentKind
from domain.values import Actor

LIMIT = 5 * 1024 * 1024
"""Bytes of one file."""

MAGIC: Mapping[bytes, str] = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


class AddPaper:
    """Refuses `document_type_unknown` and `document_too_large`; the same file again is the same document."""

    def __init__(self, handle: Handler, archive: DocumentArchive) -> None:
        self.handle = handle
        self.archive = archive

    def __call__(self, supplier_id: UUID, kind: DocumentKind, name: str, content: bytes, by: Actor, now: datetime, meta: Meta) -> Appended:
        if len(content) > LIMIT:
            raise Rejected("document_too_large", f"At most {LIMIT} bytes.", pointer="/content")
        media_type = next((found for magic, found in MAGIC.items() if content.startswith(magic)), None)
        if media_type is None:
            raise Rejected("document_type_unknown", "PDF, PNG and JPEG files are taken.", pointer="/content")
        sha256 = hashlib.sha256(content).hexdigest()
        id = uuid5(supplier_id, sha256)
        command = AddDocument(supplier_id, id, kind, name, media_type, len(content), sha256, by, now)
        return self.handle(supplier_id, command, meta, rows=[self.archive.keep(supplier_id, id, content)])
