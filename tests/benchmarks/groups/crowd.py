"""People who are signed in and groups that they join, made without passwords and suppliers, which are not what is measured."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from msgspec import Struct

from application.ports import Meta
from domain.goods import TaxClass, Tier, Unit
from domain.groups.commands import JoinGroup, OpenGroup
from domain.groups.values import PickupPlace, Visibility
from domain.values import Actor, Place, Value
from infrastructure.container import Container
from infrastructure.security.access import session_tokens

GATE = UUID(int=1)
DAYS = timedelta(days=30)


class Trader(Struct, frozen=True):
    id: UUID
    token: str


class Crowd:
    def __init__(self, container: Container) -> None:
        self.container = container

    def people(self, count: int) -> Sequence[Trader]:
        """With a session each, written straight into the tables that sign-in writes."""
        now, tokens = datetime.now(UTC), session_tokens(self.container.settings)
        ids = [(uuid4(), uuid4()) for _ in range(count)]
        with self.container.pool.connection() as connection, connection.cursor() as cursor:
            cursor.executemany("INSERT INTO accounts (user_id, roles) VALUES (%s, '{customer}')", [(user,) for user, _ in ids])
            cursor.executemany(
                "INSERT INTO sessions (id, user_id, agent, address, started_at, seen_at, expires_at) VALUES (%s, %s, '', '', %s, %s, %s)",
                [(session, user, now, now, now + DAYS) for user, session in ids],
            )
        return [Trader(user, tokens.access(user, session, now)) for user, session in ids]

    def group(self, organiser: UUID, minimum: int, maximum: int) -> UUID:
        group = uuid4()
        self._give(group, opened(group, organiser, minimum, maximum, datetime.now(UTC)), organiser)
        return group

    def join(self, group: UUID, people: Sequence[Trader]) -> None:
        def one(who: Trader) -> None:
            self._give(group, JoinGroup(group, who.id, 1, GATE, Actor(who.id), datetime.now(UTC)), who.id)

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(one, people))

    def _give(self, stream: UUID, command: Value, by: UUID) -> None:
        command_id = uuid4()
        self.container.handle(stream, command, Meta(command_id, by, command_id))


def opened(group: UUID, organiser: UUID, minimum: int, maximum: int, now: datetime, place: Place | None = None) -> OpenGroup:
    deadline = now + timedelta(days=3)
    gate = PickupPlace(GATE, "Mbare market", "Gate 2", place or Place("ZW", "", "Harare", -17.83, 31.05), deadline, deadline + DAYS)
    return OpenGroup(
        group,
        organiser,
        uuid4(),
        uuid4(),
        uuid4(),
        "MAIZE-10",
        "Maize meal, 10 kg",
        "bulk-grains-flour",
        "USD",
        Unit.KILOGRAM,
        minimum,
        maximum,
        1,
        maximum,
        (Tier(minimum, 900), Tier(max(minimum + 1, maximum // 2), 800)),
        1_000,
        deadline,
        (gate,),
        Visibility.PUBLIC,
        (),
        1_000,
        TaxClass.STANDARD,
        7,
        Actor(organiser),
        now,
    )
