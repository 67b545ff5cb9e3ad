"""A read model made anew under live traffic, put to every engine."""

import pytest

from infrastructure.operations import statements
from tests.fakes.boats import Moored, Painted, Rotten, boat
from tests.infrastructure.projector.rebuilding.vandal import spoil, spoilt
from tests.infrastructure.projector.rebuilding.yard import Yard


def test_what_was_built_from_zero_takes_the_place_of_what_is_served(yard: Yard):
    spoil(yard.harbour)
    assert not yard.right()
    yard.asked_for()
    yard.build()
    assert (yard.last.state, yard.last.error) == ("switched", None)
    assert yard.generation() == 2
    assert yard.right()
    yard.log.add(boat(2), Painted(boat(2), "blue"))
    yard.caught_up()
    assert yard.right()


def test_the_served_one_goes_on_while_another_is_built(yard: Yard):
    yard.asked_for()
    taken = 0
    while yard.builder.turn():
        taken += 1
        if taken < 12:
            yard.log.add(boat(taken), Moored(boat(taken), "new"), Painted(boat(taken), "green"))
            yard.caught_up()
            assert yard.right()
    assert yard.last.state == "switched"
    assert yard.right()
    yard.log.add(boat(3), Painted(boat(3), "gold"))
    yard.caught_up()
    assert yard.right()


def test_what_was_replaced_stays_until_it_is_dropped(yard: Yard):
    spoil(yard.harbour)
    yard.asked_for()
    yard.build()
    assert spoilt(yard.harbour, replaced=True)
    yard.ask(statements.DROP_OLD)
    yard.build()
    assert not spoilt(yard.harbour, replaced=True)
    assert (yard.last.state, yard.last.ended) == ("done", True)
    assert yard.right()


def test_one_rebuild_follows_another(yard: Yard):
    for generation in (2, 3, 4):
        assert yard.asked_for() == generation
        yard.build()
        yard.log.add(boat(1), Painted(boat(1), f"colour {generation}"))
        yard.caught_up()
        assert yard.generation() == generation
        assert yard.right()
    assert [(each.state, each.ended) for each in yard.built] == [("done", True), ("done", True), ("switched", False)]


def test_an_event_that_cannot_be_taken_ends_a_rebuild_and_the_served_one_is_untouched(yard: Yard):
    yard.log.add(boat(1), Rotten(boat(1)))
    yard.caught_up()
    before = yard.harbour.contents()
    yard.asked_for()
    yard.build()
    assert (yard.last.state, yard.last.ended) == ("failed", True)
    assert yard.last.error == f"toys.Rotten at position {yard.log.stable()}: ValueError: rotten to the keel"
    assert yard.harbour.contents() == before
    assert yard.generation() == 1


def test_an_event_that_a_person_has_let_go_is_passed_over(yard: Yard):
    yard.log.add(boat(1), Rotten(boat(1)))
    yard.caught_up()
    yard.ask(statements.FORGET_PARKED, position=yard.log.stable())
    yard.caught_up()
    before = yard.harbour.contents()
    yard.asked_for()
    yard.build()
    assert yard.last.state == "switched"
    assert yard.harbour.contents() == before


def test_what_was_parked_is_in_what_mended_code_has_built(yard: Yard):
    yard.log.add(boat(1), Painted(boat(1), "gold"))
    position = yard.log.stable()
    yard.ask(
        "INSERT INTO parked_events (projection, version, position, sequence, stream, stream_version, type, error)"
        " VALUES (%(projection)s, 1, %(position)s, %(key)s, %(stream)s, 9, 'toys.Painted', 'no')",
        position=position,
        key=str(boat(1)),
        stream=boat(1),
    )
    yard.worker.close()  # another worker, that knows of it
    yard.caught_up()
    assert not yard.right()
    yard.asked_for()
    yard.build()
    yard.log.add(boat(1), Painted(boat(1), "white"))
    yard.caught_up()
    assert yard.ask("SELECT position FROM parked_events WHERE retry_at IS NULL") == []
    yard.caught_up()
    assert yard.right()


@pytest.mark.parametrize("steps", [0, 1, 3])
def test_a_rebuild_that_is_called_off_leaves_nothing(yard: Yard, steps: int):
    yard.asked_for()
    yard.build(steps)
    yard.ask(statements.CANCEL_REBUILD)
    yard.build()
    assert (yard.last.state, yard.last.ended) == ("cancelled", True)
    assert yard.generation() == 1
    assert yard.right()
    yard.asked_for()
    yard.build()
    assert yard.generation() == 3
    assert yard.right()


def test_another_builder_goes_on_where_one_stood(yard: Yard):
    yard.asked_for()
    yard.build(3)
    events = yard.last.events
    assert events > 0
    yard.builder.close()
    yard.builder = yard.another()
    yard.build(1)
    assert yard.last.events > events
    yard.build()
    assert yard.last.state == "switched"
    assert yard.right()


def test_of_two_builders_one_works_on_a_read_model(yard: Yard):
    yard.asked_for()
    yard.build(2)
    other = yard.another()
    assert not other.turn()
    yard.build()
    assert yard.last.state == "switched"
    other.close()
