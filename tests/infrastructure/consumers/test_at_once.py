"""Many workers of one group at once: no event is with two of them, subjects keep their order, and nothing is left behind."""

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Lock

from infrastructure.consumers.deliveries import PostgresDeliveries
from projections.feeds.consumers import Delivery
from tests.infrastructure.consumers.quay import Quay

WORKERS = 8
EVENTS = 600
SUBJECTS = 40


class Watch:
    """Who has what, as the workers themselves see it."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.out: dict[str, int] = {}
        self.twice: list[int] = []
        self.done: dict[str, list[int]] = defaultdict(list)

    def take(self, given: Sequence[Delivery]) -> None:
        with self.lock:
            for each in given:
                if each.told.subject in self.out:
                    self.twice.append(each.told.position)
                self.out[each.told.subject] = each.told.position

    def leave(self, given: Sequence[Delivery], *, done: bool) -> None:
        """Before others may be told, or a later worker could seem to have an event too early."""
        with self.lock:
            for each in given:
                self.out.pop(each.told.subject, None)
                if done:
                    self.done[each.told.subject].append(each.told.position)

    @property
    def count(self) -> int:
        return sum(map(len, self.done.values()))


def work(quay: Quay, watch: Watch, seed: int) -> None:
    random, idle = Random(seed), 0  # noqa: S311 - a seeded choice
    deliveries = PostgresDeliveries(quay.pool, quay.clock)
    while watch.count < EVENTS and idle < 2000:
        given = deliveries.pull(*quay.group, random.randint(1, 20)).items
        idle = 0 if given else idle + 1
        watch.take(given)
        rejected = [each for each in given if random.random() < 0.2]
        acknowledged = [each for each in given if each not in rejected]
        watch.leave(rejected, done=False)
        watch.leave(acknowledged, done=True)
        if rejected:
            deliveries.reject(*quay.group, [each.lease for each in rejected], 0, "")
        if acknowledged:
            deliveries.acknowledge(*quay.group, [each.lease for each in acknowledged])


def test_many_workers_share_a_feed_without_getting_in_each_others_way(quay: Quay):
    random = Random(7)  # noqa: S311 - a seeded choice
    told = [f"article-{random.randrange(SUBJECTS)}" for _ in range(EVENTS)]
    quay.open(max_attempts=100)
    quay.tell(told)
    watch = Watch()
    with ThreadPoolExecutor(WORKERS) as workers:
        for ended in [workers.submit(work, quay, watch, seed) for seed in range(WORKERS)]:
            ended.result()
    expected = {subject: [3 * number for number, each in enumerate(told, 1) if each == subject] for subject in set(told)}
    assert watch.twice == []
    assert watch.done == expected
    assert (quay.open_rows(), quay.shown().lag_events) == (0, 0)
