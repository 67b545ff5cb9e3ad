"""What was said in a group, for the jobs that tell of it: from the read model."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from projections.conversations.messages import NEWEST_FIRST, said_between, view
from projections.ports import Documents

MOST = 500


class ReadTalk:
    """`application.jobs.groups.tell.Talk`."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def said(self, group_id: UUID, since: datetime, until: datetime) -> Sequence[tuple[datetime, UUID]]:
        found = self._documents.page(view, said_between(group_id, since, until), limit=MOST, order=NEWEST_FIRST)
        return [(each.columns["posted_at"], each.columns["author_id"]) for each in found.items]
