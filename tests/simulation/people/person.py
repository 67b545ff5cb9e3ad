"""Whoever asks the service for things, and asks again by the same command id where no answer comes."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from application.ports import Conflict, Meta, Result, Unavailable
from domain.decider import Rejected
from domain.groups.events import GroupClosed, GroupOpened, Status
from domain.groups.group import groups
from domain.groups.standing import Group, Opened, Unopened
from domain.values import Actor, Value
from tests.simulation.invariants import Broken
from tests.simulation.service import Server, Service
from tests.simulation.stage import Died, Stage

Work = Callable[[Server, Meta], Any]

PATIENCE = 100
IMPATIENT = 0.1
"""How often somebody asks again for what he was told is done."""


class Person(ABC):
    def __init__(self, stage: Stage, service: Service, actor: Actor) -> None:
        self.stage = stage
        self.service = service
        self.actor = actor
        self.acknowledged: list[tuple[UUID, Sequence[Result]]] = []
        self._seen: dict[UUID, tuple[int, Group]] = {}

    @abstractmethod
    def act(self) -> None:
        """Do one thing, if there is any to do."""

    def give(self, stream: UUID, make: Callable[[], Value]) -> None:
        """A command, made when it is given."""
        self.ask(type(make()).__name__, lambda server, meta: [server.handle(stream, make(), meta)])

    def ask(self, what: str, work: Work) -> None:
        chance, id = self.stage.random, self.new_id()
        meta = Meta(id, self.actor.id, id, None, id.bytes)
        again = chance.random() < IMPATIENT
        for _ in range(PATIENCE):
            self.stage.point(f"asks for {what}")
            try:
                server = chance.choice(self.service.servers)
                results = [Result(each.stream, each.version, each.position) for each in server.ask(lambda one: work(one, meta))]
            except Rejected as refused:
                self.stage.told(f"is refused: {refused.code}")
                self._refused(id, refused)
                return
            except (Died, Unavailable, Conflict):
                self.stage.told("gets no answer")
                continue
            self._answered(id, results)
            if not again:
                return
            again = False
        raise Broken(f"{what} was asked for {PATIENCE} times by the same command id, and never answered")

    def _refused(self, id: UUID, refused: Rejected) -> None:
        if id in self.service.log.commands:
            raise Broken(f"a command was refused as {refused.code}, though it ran", *(each.stream for each in self._results(id)))

    def _answered(self, id: UUID, results: Sequence[Result]) -> None:
        streams = [each.stream for each in results]
        if id not in self.service.log.commands:
            raise Broken("a command was acknowledged that is not on the log", *streams)
        known = {each.stream: each for each in self._results(id)}
        if any(known.get(each.stream) != each for each in results):
            raise Broken(f"a command was answered as {results}, and led to {list(known.values())}", *streams)
        self.acknowledged.append((id, results))

    def _results(self, id: UUID) -> Sequence[Result]:
        return self.service.log.commands[id][1]

    # What people see of the world: what has happened

    def new_id(self) -> UUID:
        return UUID(int=self.stage.random.getrandbits(128), version=4)

    def known(self, kind: type[Any]) -> list[Any]:
        return [each.event for each in self.service.log.events if type(each.event) is kind]

    def one(self, kind: type[Any]) -> Any:
        """Something that has happened not long ago; None where nothing has."""
        found = self.known(kind)[-4:]
        return self.stage.random.choice(found) if found else None

    def groups(self) -> list[Opened]:
        """Those that are not over."""
        over = {each.group_id for each in self.known(GroupClosed)}
        going = [self._standing(each.group_id) for each in self.known(GroupOpened) if each.group_id not in over]
        return [each for each in going if each.status is not Status.COMPLETED]

    def group(self, *statuses: Status) -> Opened | None:
        found = [each for each in self.groups() if each.status in statuses]
        return self.stage.random.choice(found) if found else None

    def _standing(self, id: UUID) -> Opened:
        history = self.service.log.streams[id]
        version, standing = self._seen.get(id, (0, Unopened()))
        if version < len(history):
            standing = groups.fold((each.event for each in history[version:]), standing)
            self._seen[id] = len(history), standing
        if not isinstance(standing, Opened):
            raise Broken("a group was opened, and is not there", id)
        return standing
