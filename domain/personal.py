"""Which fields of an event are personal, and to whom: as the events declare it."""

from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints
from uuid import UUID

from msgspec import Struct

from domain.values import Value


class PersonalField(Struct, frozen=True):
    """`stored` is the field's name in the JSON; `subject` that of the field with the person's id, `subject_stored` in the JSON."""

    name: str
    stored: str
    subject: str
    subject_stored: str


@cache
def personal_fields(event: type[Value]) -> tuple[PersonalField, ...]:
    """The fields of an event that are declared `Personal[..., "subject"]`. Raises TypeError where no such subject field exists."""
    stored = dict(zip(event.__struct_fields__, event.__struct_encode_fields__, strict=True))
    found: list[PersonalField] = []
    for name, hint in get_type_hints(event, include_extras=True).items():
        for subject in _subjects(hint):
            if name not in stored or subject not in stored:
                raise TypeError(f"{event.__name__}.{name} is personal to {subject!r}, which is not a field of {event.__name__}")
            found.append(PersonalField(name, stored[name], subject, stored[subject]))
    return tuple(found)


def persons_in(event: Value) -> list[UUID]:
    """The persons that an event says something personal of, each once."""
    return list(dict.fromkeys(getattr(event, field.subject) for field in personal_fields(type(event))))


def _subjects(hint: Any) -> list[str]:
    """The subject fields named anywhere in a hint: also `Personal[...] | None` makes the whole field personal."""
    if isinstance(hint, type) and issubclass(hint, Struct):
        inner = [name for name, part in get_type_hints(hint, include_extras=True).items() if _subjects(part)]
        if inner:
            raise TypeError(f"{hint.__name__}.{inner[0]} is personal, but not a field of an event: declare the event's field so")
        return []
    parts = get_args(hint)
    named = [each for each in parts[1:] if isinstance(each, str)] if get_origin(hint) is Annotated else []
    return named + [subject for part in parts if get_origin(hint) is not Literal for subject in _subjects(part)]
