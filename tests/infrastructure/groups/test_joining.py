"""Everybody joins one group at the same moment, over the real log: it fills to the last place, and the others wait in turn."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

from application.handler import Handler
from domain.groups.group import groups
from domain.groups.standing import Opened
from domain.values import Actor
from infrastructure.eventlog.log import PostgresLog
from infrastructure.postgres import open_pool
from tests.domain.groups.traders import GROUP, joins, leaves, opened
from tests.infrastructure.eventlog.toys import keys, meta

TRADERS = [Actor(UUID(int=number)) for number in range(1, 65)]
PLACES = 50


def test_sixty_four_join_at_once_and_fifty_get_a_place(database: str):
    with open_pool(database, 8) as pool:
        log = PostgresLog(pool, [groups], keys())
        handle = Handler(log, [groups])
        handle(GROUP, opened(minimum=10, maximum=PLACES), meta())
        barrier = Barrier(len(TRADERS))

        def join(who: Actor) -> str:
            barrier.wait()
            state = handle(GROUP, joins(who, 1), meta()).state
            return "joined" if who.id in state.members else "waits"

        with ThreadPoolExecutor(len(TRADERS)) as threads:
            assert Counter(threads.map(join, TRADERS)) == {"joined": PLACES, "waits": len(TRADERS) - PLACES}
            found = standing(log)
            assert (found.reserved, len(found.members), len(found.queue)) == (PLACES, PLACES, 14)

            going = [each for each in TRADERS if each.id in found.members][:20]
            list(threads.map(lambda who: handle(GROUP, leaves(who), meta()), going))
        left = standing(log)
        assert left.reserved == PLACES - 20 + 14
        assert not left.queue
        assert {each.member_id for each in found.queue} <= left.members.keys()


def standing(log: PostgresLog) -> Opened:
    found = groups.fold(each.event for each in log.stream(GROUP))
    assert isinstance(found, Opened)
    return found
