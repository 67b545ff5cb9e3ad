"""Events as the log stores them: JSON under a stable name, with old schema versions lifted to the present one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, MapperDeserialisationError, StoredEvent
from msgspec import Struct

from domain.values import Value
from infrastructure.eventlog.personal import KeyRing, PersonalField, opened_json, personal_fields, sealed_json

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
"""Makes the JSON object of one schema version into that of the next; personal fields stay as they are stored."""

Upcasters = Mapping[tuple[str, int], Upcaster]
"""By stable name and the version lifted from."""

NO_KEYS: KeyRing = {}


class UnknownEvent(MapperDeserialisationError):
    """A name on the log that no decider folds."""


class Fact(Struct, frozen=True):
    """An event with its place in a stream: what the library calls a domain event."""

    originator_id: UUID
    originator_version: int
    kind: str
    event_id: UUID
    event: Value


@dataclass(frozen=True)
class StoredFact(StoredEvent):
    """A stored event with what our table holds beside the library's four columns."""

    kind: str
    event_id: UUID
    schema: int


class Form(Struct, frozen=True):
    """How events of one class are stored."""

    event: type[Value]
    name: str
    schema: int
    personal: tuple[PersonalField, ...]
    decoder: msgspec.json.Decoder[Any]


def stable_name(event: type[Value]) -> str:
    """`listings.ListingPublished`: the family, which is the package under `domain`, and the class."""
    path = event.__module__.split(".")
    family = path[path.index("domain") + 1] if "domain" in path[:-1] else path[-1]
    return f"{family}.{event.__name__}"


def form(event: type[Value]) -> Form:
    return Form(event, stable_name(event), getattr(event, "schema", 1), personal_fields(event), msgspec.json.Decoder(event))


class EventMapper(Mapper[UUID]):
    """Maps the given event classes and no others. It does no I/O: keys of persons are passed in."""

    def __init__(self, events: Iterable[type[Value]], upcasters: Upcasters | None = None) -> None:
        """Raises ValueError where two classes have one name, or a schema version has no upcaster to the next."""
        super().__init__(JSONTranscoder())
        self._upcasters: Upcasters = upcasters or {}
        self._by_class: dict[type[Any], Form] = {}
        self._by_name: dict[str, Form] = {}
        for event in dict.fromkeys(events):
            made = form(event)
            if made.name in self._by_name:
                raise ValueError(f"two events are named {made.name}")
            self._by_class[event] = self._by_name[made.name] = made
        check_upcasters(self._by_name, self._upcasters)

    @property
    def schemas(self) -> Mapping[str, int]:
        """The schema version of today by stable name; every older one has its upcasters, or there would be no mapper."""
        return {name: known.schema for name, known in self._by_name.items()}

    def name(self, event: type[Value]) -> str:
        return self._by_class[event].name

    def subjects_of(self, events: Iterable[Value]) -> set[UUID]:
        """The persons whose keys are needed to store these events."""
        return {getattr(event, field.subject) for event in events for field in self._by_class[type(event)].personal}

    def subjects_in(self, stored: Iterable[tuple[str, bytes]]) -> set[UUID]:
        """The persons whose keys are needed to read these (name, data)."""
        found: set[UUID] = set()
        for name, data in stored:
            known = self._by_name.get(name)
            if known is None or not known.personal:
                continue
            document = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
            for subject in {field.subject_stored for field in known.personal} & document.keys():
                found.add(msgspec.json.decode(document[subject], type=UUID))
        return found

    def encode(self, event: Value, event_id: UUID, ring: KeyRing = NO_KEYS) -> tuple[str, int, bytes]:
        """Stable name, schema version and bytes."""
        known = self._by_class.get(type(event))
        if known is None:
            raise UnknownEvent(f"{type(event).__module__}.{type(event).__name__} is an event of no decider that the log was made with")
        if known.personal:
            return known.name, known.schema, sealed_json(event, known.personal, event_id, ring)
        return known.name, known.schema, msgspec.json.encode(event)

    def decode(self, name: str, schema: int, data: bytes, event_id: UUID, ring: KeyRing = NO_KEYS) -> Value:
        """The event. Raises `UnknownEvent`, or `MapperDeserialisationError` where the bytes do not fit the class."""
        known = self._by_name.get(name)
        if known is None:
            raise UnknownEvent(
                f"the log holds {name!r} (event {event_id}), which no decider folds; known: {', '.join(sorted(self._by_name))}"
            )
        try:
            if schema != known.schema:
                data = self._lifted(known, schema, data)
            if known.personal:
                data = opened_json(data, known.personal, event_id, ring)
            return known.decoder.decode(data)
        except (msgspec.DecodeError, InvalidTag, KeyError, ValueError) as reason:
            raise MapperDeserialisationError(f"{name} (event {event_id}, schema {schema}) cannot be read: {reason!r}") from reason

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID], ring: KeyRing = NO_KEYS) -> StoredFact:
        if not isinstance(domain_event, Fact):
            raise TypeError(f"{type(domain_event).__name__} is no Fact")
        name, schema, data = self.encode(domain_event.event, domain_event.event_id, ring)
        return StoredFact(
            domain_event.originator_id, domain_event.originator_version, name, data, domain_event.kind, domain_event.event_id, schema
        )

    def to_domain_event(self, stored_event: StoredEvent, ring: KeyRing = NO_KEYS) -> Fact:
        if not isinstance(stored_event, StoredFact) or not isinstance(stored_event.originator_id, UUID):
            raise TypeError(f"{stored_event.topic} was not stored as a Fact")
        event = self.decode(stored_event.topic, stored_event.schema, stored_event.state, stored_event.event_id, ring)
        return Fact(stored_event.originator_id, stored_event.originator_version, stored_event.kind, stored_event.event_id, event)

    def _lifted(self, known: Form, schema: int, data: bytes) -> bytes:
        if schema > known.schema:
            raise ValueError(f"written by a newer release, which has schema {schema}; this one knows {known.schema}")
        document: dict[str, Any] = msgspec.json.decode(data)
        for version in range(schema, known.schema):
            document = self._upcasters[known.name, version](document)
        return msgspec.json.encode(document)


def check_upcasters(forms: Mapping[str, Form], upcasters: Upcasters) -> None:
    """Raise ValueError unless every older schema version of every event can be lifted, and nothing else is."""
    needed = {(name, version) for name, known in forms.items() for version in range(1, known.schema)}
    problems: Sequence[str] = [f"no upcaster for {name} from schema {version}" for name, version in sorted(needed - upcasters.keys())]
    problems = [
        *problems,
        *(f"an upcaster for {name} from schema {version}, which is not old" for name, version in sorted(upcasters.keys() - needed)),
    ]
    if problems:
        raise ValueError("; ".join(problems))
