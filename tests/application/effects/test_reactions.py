from datetime import UTC, datetime
from uuid import UUID, uuid5

import pytest

from application.effects.effect import Deadline, Errand, Notice, Process, by_event, jobs
from application.effects.job import React, RunImport, SendLetter
from domain.process import Owed
from domain.recorded import Recorded
from domain.values import Value
from tests.bdd import Happened

NOW = datetime(2026, 5, 1, tzinfo=UTC)
DUE = datetime(2026, 5, 1, 0, 15, tzinfo=UTC)
BOX, EVENT, CORRELATION = (UUID(int=n) for n in range(1, 4))


class Fill(Value, frozen=True):
    box: UUID


class Empty(Value, frozen=True):
    box: UUID


class Delivered(Value, frozen=True):
    box: UUID
    spoils_at: datetime | None = DUE


def fill(event: Delivered) -> Owed:
    return [(event.box, Fill(event.box))]


def empty(event: Delivered) -> Owed:
    return [(event.box, Empty(event.box))]


FILL = Process(Delivered, "fill", fill)
SPOIL = Deadline(Delivered, "spoil", lambda event: event.spoils_at, empty)


def recorded(event: Value) -> Recorded[Value]:
    return Recorded(event, "boxes.Delivered", 1, EVENT, BOX, 3, 10, NOW, BOX, BOX, CORRELATION, None)


def test_a_process_is_due_at_once_and_a_deadline_at_its_moment():
    assert [(job.work, job.due_at) for job in jobs(recorded(Delivered(BOX)), [FILL, SPOIL])] == [
        (React("fill", BOX, 3), None),
        (React("spoil", BOX, 3), DUE),
    ]


def test_an_event_without_the_moment_has_no_deadline():
    assert jobs(recorded(Delivered(BOX, None)), [SPOIL]) == []


def test_reactions_have_their_ids_by_name_so_that_others_may_be_declared_before_them():
    letter, errand = Notice(Delivered, "delivered"), Errand(Delivered, lambda event: RunImport(event.box))
    (alone,) = jobs(recorded(Delivered(BOX)), [FILL])
    with_others = {job.work: job.id for job in jobs(recorded(Delivered(BOX)), [SPOIL, letter, FILL, errand])}
    assert with_others[alone.work] == alone.id
    assert with_others[SendLetter("delivered", BOX, 3)] == uuid5(EVENT, "0")
    assert with_others[RunImport(BOX)] == uuid5(EVENT, "1")


def test_two_reactions_to_one_event_cannot_have_one_name():
    with pytest.raises(ValueError, match="two reactions to Delivered are named fill"):
        by_event([FILL, Deadline(Delivered, "fill", lambda event: event.spoils_at, empty)])


def test_what_follows_is_told_in_a_specification():
    Happened(Delivered(BOX), [FILL, SPOIL]).then((BOX, Fill(BOX)))
    Happened(Delivered(BOX), [FILL, SPOIL]).later(DUE, (BOX, Empty(BOX)))
    Happened(Delivered(BOX), [FILL, SPOIL]).later(NOW)
    Happened(Delivered(BOX), [SPOIL]).then()
    with pytest.raises(AssertionError):
        Happened(Delivered(BOX), [FILL]).then()
