"""What an event owes the outside world: a piece of work, written down in ids, to be done later and at least once."""

from uuid import UUID, uuid5

from domain.values import Value


class SendLetter(Value, frozen=True, tag="send_letter"):
    """A letter about one event, which is told by its stream and version; to whom it goes follows from the event."""

    letter: str
    stream: UUID
    version: int


class RunImport(Value, frozen=True, tag="run_import"):
    """Bring the rows of an imported file; done again, it goes on where it was."""

    import_id: UUID


Work = SendLetter | RunImport
"""Every kind of job; a union of tagged Structs that hold ids and never values, so that a job row gives no one away."""


class Job(Value, frozen=True):
    """`event_id` and `correlation_id` say where it comes from."""

    id: UUID
    work: Work
    event_id: UUID
    correlation_id: UUID

    @property
    def kind(self) -> str:
        """As operators see it."""
        return str(self.work.__struct_config__.tag)


def job_id(event_id: UUID, ordinal: int) -> UUID:
    """The same for the same event for ever: what is due for an event's n-th effect is due once."""
    return uuid5(event_id, str(ordinal))
