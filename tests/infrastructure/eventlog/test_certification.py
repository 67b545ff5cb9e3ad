"""The library's own test cases for recorders, run against ours."""

import sys
from collections.abc import Sequence
from typing import Any, ClassVar
from unittest import TestCase

import eventsourcing.cryptography
import pytest
from eventsourcing.persistence import StoredEvent
from psycopg_pool import ConnectionPool

from infrastructure.eventlog.library.recorder import EventRecorder, PooledDatastore

# The library's cases import its cipher on pycryptodome, which they do not use here; this one is its twin on cryptography.
sys.modules.setdefault("eventsourcing.cipher", eventsourcing.cryptography)

from eventsourcing.tests.persistence import (  # noqa: E402
    AggregateRecorderTestCase,
    ApplicationRecorderTestCase,
    NonInterleavingNotificationIDsBaseCase,
)


class OnOurTables(TestCase):
    """Every test has a migrated database of its own, so that nothing needs creating or dropping."""

    pool: ConnectionPool[Any]

    @pytest.fixture(autouse=True)
    def _over_the_pool(self, pool: ConnectionPool[Any]) -> None:
        self.pool = pool

    def create_recorder(self) -> EventRecorder:
        return EventRecorder(PooledDatastore(self.pool))


class AnswersNothing(EventRecorder):
    """The case for aggregate recorders wants None from an insert, where that for application recorders wants positions."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> None:
        super().insert_events(stored_events, **kwargs)


class TestAsAggregateRecorder(OnOurTables, AggregateRecorderTestCase):
    def create_recorder(self) -> AnswersNothing:
        return AnswersNothing(PooledDatastore(self.pool))


class TestAsApplicationRecorder(OnOurTables, ApplicationRecorderTestCase[EventRecorder]):
    EXPECT_CONTIGUOUS_NOTIFICATION_IDS: ClassVar[bool] = True

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestThatAppendsAreNotInterleaved(OnOurTables, NonInterleavingNotificationIDsBaseCase):
    pass


del OnOurTables, AggregateRecorderTestCase, ApplicationRecorderTestCase, NonInterleavingNotificationIDsBaseCase
