from datetime import UTC, datetime
from uuid import UUID, uuid5

import pytest

from application.effects.due import EFFECTS, EVENTS, due
from application.effects.job import RunImport, SendLetter
from domain.listings.events import ImportRequested
from domain.recorded import Recorded
from domain.users.events import EmailVerificationRequested, RoleGranted
from domain.values import Role, Value

NOW = datetime(2026, 5, 1, tzinfo=UTC)
ANA, ASKED, EVENT, CORRELATION = (UUID(int=n) for n in range(1, 5))


def recorded(event: Value) -> Recorded[Value]:
    return Recorded(event, "users.X", 1, EVENT, ANA, 3, 10, NOW, ANA, ASKED, CORRELATION, None)


def test_a_request_to_verify_owes_one_letter_told_in_ids():
    (job,) = due(recorded(EmailVerificationRequested(ANA, ASKED, "ana@example.org", NOW)))
    assert job.work == SendLetter("verify_email", ANA, 3)
    assert (job.id, job.event_id, job.correlation_id) == (uuid5(EVENT, "0"), EVENT, CORRELATION)


def test_the_same_event_owes_the_same_jobs_again():
    event = recorded(EmailVerificationRequested(ANA, ASKED, "ana@example.org", NOW))
    assert due(event) == due(event)


def test_most_events_owe_nothing():
    assert due(recorded(RoleGranted(ANA, Role.SELLER, ANA, NOW))) == []
    assert RoleGranted not in EVENTS


@pytest.mark.parametrize("event", EVENTS)
def test_every_declared_event_owes_something(event: type[Value]):
    assert EFFECTS[event]


def test_an_import_that_was_asked_for_is_to_be_run():
    (job,) = due(recorded(ImportRequested(ASKED, ANA, "boats", ANA, publish=True, at=NOW)))
    assert (job.kind, job.work) == ("run_import", RunImport(ASKED))
