"""The monitor: a read model compared with one built from zero, put to every engine."""

from typing import Any, cast

import pytest

from infrastructure.operations import statements
from tests.fakes.boats import Moored, Painted, Rotten, boat
from tests.infrastructure.projector.harbours import InJournal, InOpenSearch, InPostgres, InRedis
from tests.infrastructure.projector.rebuilding.vandal import spoil, spoilt
from tests.infrastructure.projector.rebuilding.yard import Yard

FOUND: dict[type[Any], set[tuple[str, str, tuple[str, ...]]]] = {
    InPostgres: {
        (str(boat(1)), "differs", ("name",)),
        (str(boat(2)), "missing", ()),
        (str(boat(3)), "missing", ()),
        (str(boat(99)), "extra", ()),
    },
    InJournal: {
        *((f"({2 + 6 * 1},0)", "differs", ("name",)),),
        *((f"({4 + 6 * 1},{number})", "differs", ("name",)) for number in (0, 1)),
        ("(red)", "differs", ("paid",)),
        ("()", "differs", ("paid",)),
        (str(boat(2)), "missing", ()),
    },
    InRedis: {
        (str(boat(1)), "differs", ("groups",)),
        (str(boat(2)), "missing", ()),
        ("moored", "differs", ("count",)),
    },
    InOpenSearch: {(str(boat(1)), "differs", ("name",)), (str(boat(2)), "missing", ())},
}


def test_a_read_model_that_says_what_the_log_says_has_no_differences(yard: Yard):
    yard.asked_for("check")
    yard.build()
    assert (yard.last.state, yard.last.differences, yard.last.ended) == ("done", 0, True)
    assert yard.last.report["rows"] > 4
    assert yard.last.report["at"] == yard.last.position == yard.log.stable()
    assert yard.generation() == 1


def test_whatever_differs_is_counted_and_named_by_key_and_field_never_by_value(yard: Yard):
    spoil(yard.harbour)
    yard.asked_for("check")
    yard.build()
    expected = FOUND[type(yard.harbour)]
    assert yard.last.differences == len(expected)
    assert {(each["key"], each["kind"], tuple(each["fields"])) for each in yard.report()} == expected
    assert "wrong" not in str(yard.last.report)
    assert spoilt(yard.harbour)  # it is only looked at


def test_a_worker_that_goes_on_meanwhile_makes_no_difference(yard: Yard):
    yard.asked_for("check")
    taken = 0
    while yard.builder.turn():
        taken += 1
        if taken < 12:
            yard.log.add(boat(taken), Moored(boat(taken), "new"), Painted(boat(taken), "green"))
            yard.caught_up()
    assert (yard.last.state, yard.last.differences) == ("done", 0)
    assert yard.right()


def test_what_is_parked_is_no_difference(yard: Yard):
    yard.log.add(boat(1), Rotten(boat(1)), Painted(boat(1), "gold"))
    yard.log.add(boat(2), Painted(boat(2), "gold"))
    yard.caught_up()
    yard.asked_for("check")
    yard.build()
    assert (yard.last.state, yard.last.differences, yard.last.error) == ("done", 0, None)


def test_what_is_parked_and_let_go_while_it_is_compared_is_no_difference(yard: Yard):
    yard.log.add(boat(1), Rotten(boat(1)), Painted(boat(1), "gold"))
    for _ in range(6):
        yard.log.add(boat(2), Painted(boat(2), "gold"))
    yard.caught_up()
    ((rotten,),) = yard.ask("SELECT min(position) FROM parked_events")
    yard.asked_for("check")
    while yard.last.position < rotten + 4:
        assert yard.builder.turn()
    yard.ask(statements.FORGET_PARKED, position=rotten)
    yard.caught_up()
    yard.build()
    assert (yard.last.state, yard.last.differences, yard.last.error) == ("done", 0, None)


def test_a_check_that_another_takes_over_is_begun_anew(yard: Yard):
    yard.asked_for("check")
    yard.build(3)
    yard.builder.close()
    yard.builder = yard.another()
    yard.build()
    assert (yard.last.state, yard.last.differences) == ("done", 0)


def test_nothing_is_left_of_a_check(yard: Yard):
    yard.asked_for("check")
    yard.build()
    match yard.harbour:
        case InPostgres() | InJournal():
            left = "SELECT relname FROM pg_class WHERE relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname LIKE 'tradewind%%')"
            assert yard.ask(left) == []
        case InRedis():
            assert not list(cast("Any", yard.harbour.client).scan_iter("*:g2:*"))
        case InOpenSearch():
            assert list(yard.harbour.client.indices.get(index=f"{yard.harbour.prefix}*")) == [f"{yard.harbour.prefix}quay-v1"]
        case _:
            pytest.fail("another engine")
