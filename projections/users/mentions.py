"""Which events say something personal of whom: what has to be looked at again when a person is forgotten."""

from collections.abc import Sequence
from uuid import UUID

from domain.personal import personal_fields, persons_in
from domain.registry import DECIDERS
from domain.values import Value
from projections.view import Journal


class Mention(Value, frozen=True):
    """The row's position is the event's."""

    person: UUID


def about(event: Value) -> UUID:
    return persons_in(event)[0]


def rows(_known: None, event: Value) -> Sequence[Mention]:
    return [Mention(person) for person in persons_in(event)]


EVENTS = tuple(dict.fromkeys(event for decider in DECIDERS for event in decider.events if personal_fields(event)))

journal = Journal("mentions", Mention, key=about, rows=rows, events=EVENTS, indexes=("person, position, ordinal",))
