"""What was said in a group, for the job that tells of it once a day: from the read model."""

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

    def authors(self, group_id: UUID, since: datetime, until: datetime) -> Sequence[UUID]:
        found = self._documents.page(view, said_between(group_id, since, until), limit=MOST, order=NEWEST_FIRST)
        return [each.columns["author_id"] for each in found.items]
