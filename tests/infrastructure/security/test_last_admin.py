"""An installation always has an active admin, whatever admins do to each other at the same moment."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest

from application.commands.users import ChangeStanding
from application.handler import Handler
from application.ports import Change, Meta, Result, Row
from domain.decider import Rejected
from domain.registry import DECIDERS
from domain.users import commands as c
from domain.values import SYSTEM, Actor, Role
from infrastructure.eventlog.log import PostgresLog
from infrastructure.eventlog.rows import ROWS
from infrastructure.keys import PersonalKeys
from infrastructure.security import rows as identity
from tests.infrastructure.security.desk import SETTINGS, Desk, meta, now

Step = Callable[[UUID, UUID], c.RevokeRole | c.SuspendUser]


def revoke(whom: UUID, by: UUID) -> c.RevokeRole:
    return c.RevokeRole(whom, Role.ADMIN, as_admin(by), now())


def suspend(whom: UUID, by: UUID) -> c.SuspendUser:
    return c.SuspendUser(whom, "Rude.", as_admin(by), now())


def as_admin(id: UUID) -> Actor:
    return Actor(id, frozenset({Role.CUSTOMER, Role.ADMIN}))


class Meeting(PostgresLog):
    """A log at which those who append wait for each other, so that both have decided before either writes."""

    def __init__(self, desk: Desk, barrier: Barrier) -> None:
        super().__init__(desk.pool, DECIDERS, PersonalKeys(SETTINGS.wrapping_key), {**ROWS, **identity.ROWS})
        self.barrier = barrier

    def append(self, changes: Sequence[Change], meta: Meta, rows: Sequence[Row] = ()) -> list[Result]:
        self.barrier.wait(10)
        return super().append(changes, meta, rows)


@pytest.mark.parametrize(("ada_does", "eve_does"), [(revoke, revoke), (suspend, suspend), (suspend, revoke)])
def test_of_two_admins_who_turn_on_each_other_at_once_one_stays(desk: Desk, ada_does: Step, eve_does: Step):
    ada, eve = admin(desk, "ada@example.org"), admin(desk, "eve@example.org")
    assert sorted(at_once(desk, [ada_does(eve, ada), eve_does(ada, eve)])) == ["done", "last_admin"]
    assert active_admins(desk) == 1


def test_of_three_admins_who_turn_on_each_other_in_a_ring_one_stays(desk: Desk):
    ada, eve, ida = (admin(desk, f"{name}@example.org") for name in ("ada", "eve", "ida"))
    assert sorted(at_once(desk, [revoke(eve, ada), suspend(ida, eve), revoke(ada, ida)])) == ["done", "done", "last_admin"]
    assert active_admins(desk) == 1


def test_what_was_refused_leaves_nothing_behind(desk: Desk):
    ada = admin(desk, "ada@example.org")
    before = desk.events(ada)
    for refused in (c.RevokeRole(ada, Role.ADMIN, SYSTEM, now()), c.SuspendUser(ada, "Rude.", SYSTEM, now())):
        with pytest.raises(Rejected, match="last_admin"):
            desk.do["change_standing"](refused, meta(), None)
    assert desk.events(ada) == before
    assert active_admins(desk) == 1


def test_a_suspended_admin_counts_for_nobody_and_loses_the_role(desk: Desk):
    ada, eve = admin(desk, "ada@example.org"), admin(desk, "eve@example.org")
    desk.do["change_standing"](suspend(eve, ada), meta(), None)
    with pytest.raises(Rejected, match="last_admin"):
        desk.do["change_standing"](revoke(ada, eve), meta(), None)
    desk.do["change_standing"](revoke(eve, ada), meta(), None)
    assert active_admins(desk) == 1


def test_what_takes_no_admin_away_waits_for_nobody(desk: Desk):
    ada, ben = admin(desk, "ada@example.org"), desk.register("ben@example.org")
    with desk.pool.connection() as other, other.transaction():
        other.execute("SELECT pg_advisory_xact_lock(1414676804, 2)")
        desk.do["change_standing"](suspend(ben, ada), meta(), None)
        desk.do["change_standing"](c.ReinstateUser(ben, as_admin(ada), now()), meta(), None)
        desk.do["change_standing"](c.GrantRole(ben, Role.ADMIN, as_admin(ada), now()), meta(), None)
    assert active_admins(desk) == 2


def admin(desk: Desk, email: str) -> UUID:
    id = desk.register(email)
    desk.do["change_standing"](c.GrantRole(id, Role.ADMIN, SYSTEM, now()), meta(), None)
    return id


def at_once(desk: Desk, commands: Sequence[c.RevokeRole | c.SuspendUser]) -> list[str]:
    """What becomes of each; all have decided before any is written."""
    log: Any = Meeting(desk, Barrier(len(commands)))
    change = ChangeStanding(Handler(log, DECIDERS), desk.signing_in.accounts, desk.signing_in.authentication)

    def give(command: c.RevokeRole | c.SuspendUser) -> str:
        try:
            change(command, meta(), None)
        except Rejected as rejected:
            return rejected.code
        return "done"

    with ThreadPoolExecutor(len(commands)) as threads:
        return list(threads.map(give, commands))


def active_admins(desk: Desk) -> int:
    with desk.pool.connection() as connection:
        found = connection.execute("SELECT count(*) FROM accounts WHERE 'admin' = ANY (roles) AND NOT suspended").fetchall()
    return found[0][0]
