"""What a process remembers of streams: bounded in number and in time, and never older than what it knew."""

from uuid import UUID

from application.memory import Memory
from tests.application.test_handler import BOWL, JAR, Jar, jars, scarce


def test_the_streams_not_used_longest_are_forgotten_first():
    memory = Memory(streams=2)
    for stream in (JAR, BOWL, UUID(int=12)):
        memory.keep(stream, jars, 1, Jar(1))
    assert memory.recall(JAR, jars) is None
    assert memory.recall(BOWL, jars) is not None


def test_a_state_is_not_kept_for_long():
    memory = Memory(seconds=0)
    memory.keep(JAR, jars, 1, Jar(1))
    assert memory.recall(JAR, jars) is None


def test_a_later_version_is_not_replaced_by_an_earlier_one():
    memory = Memory()
    memory.keep(JAR, jars, 2, Jar(2))
    memory.keep(JAR, jars, 1, Jar(1))
    known = memory.recall(JAR, jars)
    assert known is not None
    assert known.state == Jar(2)


def test_a_stream_is_remembered_as_the_kind_that_it_is():
    memory = Memory()
    memory.keep(JAR, jars, 1, Jar(1))
    assert memory.recall(JAR, scarce) is None
