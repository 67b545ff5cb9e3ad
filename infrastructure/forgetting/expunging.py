"""Overwritten documents leave the segments of an index, so that they are not only out of sight."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from opensearchpy import OpenSearch

from infrastructure.readstores.opensearch import reaching_opensearch
from projections.view import Index

WHATEVER_IT_TAKES = {"index": {"merge.policy.expunge_deletes_allowed": 0}}
"""Segments with few deletes in them are otherwise left as they are."""

KEPT = timedelta(minutes=1)
"""For so long an index keeps what was overwritten, for copies that come back: its leases are renewed every 30 seconds, after a flush."""

SECONDS = 600


def expunge(client: OpenSearch, indices: Sequence[Index[Any]], prefix: str) -> None:
    """Of every version and building of them. Raises `projections.ports.Unavailable`."""
    for index in indices:
        names = f"{prefix}{index.name}-v*"
        with reaching_opensearch():
            client.indices.put_settings(index=names, body=WHATEVER_IT_TAKES)
            client.indices.flush(index=names)
            client.indices.forcemerge(index=names, params={"only_expunge_deletes": "true", "request_timeout": SECONDS})
            client.indices.refresh(index=names)
