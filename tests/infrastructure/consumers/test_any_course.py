"""Whatever the workers of a group do, and however often they die: it is given what the rules say, and in the end everything."""

from collections import defaultdict
from datetime import timedelta
from random import Random

import pytest

from domain.decider import Rejected
from infrastructure.consumers import statements
from projections.feeds.consumers import Delivery
from tests.infrastructure.consumers.quay import Quay

SEEDS = 12
STEPS = 60
ATTEMPTS = 3
LEASE = 60
SUBJECTS = "abcdef"


class Course:
    """A group at work, and beside it the rules in a few words: of each subject what is to be done, of which only the first may be out."""

    def __init__(self, quay: Quay, seed: int) -> None:
        self.quay = quay
        self.random = Random(seed)  # noqa: S311 - a seeded choice
        self.told: list[tuple[int, str]] = []
        self.to_do: dict[str, list[int]] = defaultdict(list)
        self.out: dict[str, Delivery] = {}
        self.attempts: dict[int, int] = defaultdict(int)
        self.parked: set[int] = set()
        self.stale: list[Delivery] = []

    @property
    def some(self) -> list[Delivery]:
        return [each for each in self.out.values() if self.random.random() < 0.5]

    def tell(self) -> None:
        subjects = self.random.choices(SUBJECTS, k=self.random.randint(1, 8))
        before = self.quay.head
        self.quay.tell(subjects)
        for number, subject in enumerate(subjects, 1):
            self.told.append((before + 3 * number, subject))
            self.to_do[subject].append(before + 3 * number)

    def pull(self) -> None:
        limit = self.random.randint(1, 10)
        free = {subject for subject, pending in self.to_do.items() if pending and subject not in self.out and pending[0] not in self.parked}
        given = self.quay.pull(limit)
        assert [each.told.position for each in given] == sorted(each.told.position for each in given)
        assert len(given) == min(limit, len(free))
        for each in given:
            subject, position = each.told.subject, each.told.position
            assert subject in free
            assert position == self.to_do[subject][0]
            self.attempts[position] += 1
            assert each.attempt == self.attempts[position]
            free.remove(subject)
            self.out[subject] = each

    def acknowledge(self) -> None:
        if done := self.some:
            self.quay.acknowledge(done)
        for each in done:
            self.done(each.told.subject)
            self.stale.append(each)

    def done(self, subject: str) -> None:
        self.out.pop(subject, None)
        self.attempts.pop(self.to_do[subject].pop(0), None)

    def reject(self) -> None:
        if given_back := self.some:
            self.quay.reject(given_back)
        for each in given_back:
            self.give_up_or_again(each)

    def give_up_or_again(self, each: Delivery) -> None:
        self.stale.append(self.out.pop(each.told.subject))
        if self.attempts[each.told.position] >= ATTEMPTS:
            self.parked.add(each.told.position)

    def die(self) -> None:
        """Nobody is heard of until all leases have ended; what was given too often is parked at the next look."""
        self.quay.clock.ahead += timedelta(seconds=LEASE + 1)
        for each in list(self.out.values()):
            self.give_up_or_again(each)
        self.pull()

    def retry(self) -> None:
        if self.parked:
            position = self.random.choice(sorted(self.parked))
            self.quay.do(statements.REVIVE, consumer_id=self.quay.id, position=position, at=self.quay.clock())
            self.parked.remove(position)
            self.attempts[position] = 0

    def skip(self) -> None:
        if self.parked:
            position = self.random.choice(sorted(self.parked))
            self.quay.do(statements.DROP, consumer_id=self.quay.id, position=position, at=self.quay.clock())
            self.parked.remove(position)
            self.done(dict(self.told)[position])

    def replay(self) -> None:
        position = self.random.randint(0, self.quay.shown().position)
        self.quay.do(statements.REWIND, consumer_id=self.quay.id, position=position)
        self.parked = {each for each in self.parked if each <= position}
        for subject, each in list(self.out.items()):
            if each.told.position > position:
                self.stale.append(self.out.pop(subject))
        for subject, pending in self.to_do.items():
            again = [each for each, its in self.told if its == subject and each > position]
            pending[:] = [each for each in pending if each <= position] + again
            for each in again:
                self.attempts.pop(each, None)

    def show_what_is_over(self) -> None:
        if self.stale:
            with pytest.raises(Rejected, match="stale_lease"):
                self.quay.acknowledge(self.random.sample(self.stale, min(3, len(self.stale))))

    def step(self) -> None:
        steps = {
            self.pull: 8,
            self.acknowledge: 5,
            self.tell: 3,
            self.reject: 3,
            self.die: 2,
            self.retry: 1,
            self.skip: 1,
            self.replay: 1,
            self.show_what_is_over: 2,
        }
        self.random.choices(list(steps), list(steps.values()))[0]()

    def end(self) -> None:
        """Everything that was parked is tried again, and this time all goes well."""
        self.die()
        while self.parked:
            self.retry()
        self.pull()
        while self.out:
            self.quay.acknowledge(list(self.out.values()))
            for subject in list(self.out):
                self.done(subject)
            self.pull()


@pytest.mark.parametrize("seed", range(SEEDS))
def test_whatever_happens_each_subject_goes_on_in_order_and_nothing_is_left(quay: Quay, seed: int):
    quay.open(max_attempts=ATTEMPTS, lease_seconds=LEASE)
    course = Course(quay, seed)
    course.tell()
    for _ in range(STEPS):
        course.step()
    course.end()
    assert [subject for subject, pending in course.to_do.items() if pending] == []
    assert (quay.open_rows(), quay.shown().lag_events) == (0, 0)
