# ruff: noqa: F821 - a personal field names its subject in a string, which is no annotation
from typing import Any, ClassVar, cast
from uuid import UUID

import msgspec
import pytest
from eventsourcing.persistence import MapperDeserialisationError

from domain.values import Erased, Personal, Value
from infrastructure.eventlog.mapper import EventMapper, Fact, UnknownEvent, stable_name
from infrastructure.eventlog.personal import personal_fields
from tests.infrastructure.eventlog.toys import PaidIn, TillOpened, new_stream


class Priced(Value, frozen=True):
    schema: ClassVar[int] = 3
    amount: int
    currency: str


UPCASTERS = {
    ("test_mapper.Priced", 1): lambda old: {"amount": old["cents"]},
    ("test_mapper.Priced", 2): lambda old: {**old, "currency": "EUR"},
}


def test_a_stored_event_is_plain_json_under_a_stable_name():
    mapper, fact = EventMapper([PaidIn]), Fact(new_stream(), 4, "till", new_stream(), PaidIn(3))
    stored = mapper.to_stored_event(fact)
    assert (stored.topic, stored.state, stored.schema) == ("toys.PaidIn", b'{"amount":3}', 1)
    assert mapper.to_domain_event(stored) == fact


def test_the_stable_name_is_the_family_and_the_class():
    event = msgspec.defstruct("ListingPublished", [], bases=(Value,), frozen=True, module="domain.listings.events")
    assert stable_name(cast("type[Value]", event)) == "listings.ListingPublished"


def test_an_unknown_name_says_which_and_what_is_known():
    mapper = EventMapper([PaidIn])
    with pytest.raises(UnknownEvent, match=r"toys\.TillOpened.*known: toys\.PaidIn"):
        mapper.decode("toys.TillOpened", 1, b"{}", new_stream())
    with pytest.raises(UnknownEvent, match="TillOpened"):
        mapper.encode(TillOpened(), new_stream())


def test_bytes_that_do_not_fit_say_of_which_event_they_are():
    event_id = new_stream()
    with pytest.raises(MapperDeserialisationError, match=str(event_id)):
        EventMapper([PaidIn]).decode("toys.PaidIn", 1, b'{"amount":"much"}', event_id)


@pytest.mark.parametrize(("schema", "data"), [(1, {"cents": 5}), (2, {"amount": 5}), (3, {"amount": 5, "currency": "EUR"})])
def test_every_old_schema_is_lifted_to_the_present_one(schema: int, data: dict[str, Any]):
    mapper = EventMapper([Priced], UPCASTERS)
    assert mapper.decode("test_mapper.Priced", schema, msgspec.json.encode(data), new_stream()) == Priced(5, "EUR")


def test_what_a_newer_release_wrote_is_not_guessed_at():
    with pytest.raises(MapperDeserialisationError, match="newer release"):
        EventMapper([Priced], UPCASTERS).decode("test_mapper.Priced", 4, b"{}", new_stream())


def test_a_missing_or_needless_upcaster_stops_the_start():
    with pytest.raises(ValueError, match=r"no upcaster for test_mapper\.Priced from schema 1"):
        EventMapper([Priced])
    with pytest.raises(ValueError, match="which is not old"):
        EventMapper([PaidIn], UPCASTERS)


def test_two_events_of_one_name_stop_the_start():
    twin = msgspec.defstruct("PaidIn", [], bases=(Value,), frozen=True, module=PaidIn.__module__)
    with pytest.raises(ValueError, match="two events"):
        EventMapper([PaidIn, cast("type[Value]", twin)])


class Moved(Value, frozen=True):
    person_id: UUID
    new_home: Personal[str | Erased, "person_id"] | None = None


class Stray(Value, frozen=True):
    name: Personal[str | Erased, "person_id"]


class Card(Value, frozen=True):
    holder: Personal[str | Erased, "person_id"]


class CardShown(Value, frozen=True):
    person_id: UUID
    card: Card


def test_a_personal_field_is_found_wherever_the_annotation_stands():
    [field] = personal_fields(Moved)
    assert (field.stored, field.subject_stored) == ("newHome", "personId")


@pytest.mark.parametrize("event", [Stray, CardShown])
def test_a_personal_field_that_cannot_be_encrypted_stops_the_start(event: type[Value]):
    with pytest.raises(TypeError, match="personal"):
        EventMapper([event])
