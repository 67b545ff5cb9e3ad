"""The people and moments that tests of users speak of."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from domain.users.events import EmailVerificationRequested, EmailVerified, RoleGranted, ServiceAccountOpened, UserEvent, UserRegistered
from domain.values import Actor, Role

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=3)

ANA_ID, BEN_ID, ADA_ID, EVE_ID = (UUID(int=number) for number in (1, 2, 3, 4))
FEEDER_ID = UUID(int=9)

ANA = Actor(ANA_ID, frozenset({Role.CUSTOMER}))
BEN = Actor(BEN_ID, frozenset({Role.CUSTOMER}))
ADA = Actor(ADA_ID, frozenset({Role.CUSTOMER, Role.ADMIN}))
EVE = Actor(EVE_ID, frozenset({Role.ADMIN}))
FEEDER = Actor(FEEDER_ID, frozenset({Role.CONSUMER}))

LINK, SECOND_LINK = UUID(int=100), UUID(int=101)
ANAS = "ana@example.org"


def registered(id: UUID = ANA_ID, email: str = ANAS, name: str = "Ana Sousa") -> list[UserEvent]:
    return [
        UserRegistered(id, email, name, NOON),
        RoleGranted(id, Role.CUSTOMER, id, NOON),
        EmailVerificationRequested(id, LINK, email, NOON),
    ]


def active(id: UUID = ANA_ID, email: str = ANAS, name: str = "Ana Sousa") -> list[UserEvent]:
    return [*registered(id, email, name), EmailVerified(id, NOON)]


ADA_AN_ADMIN: list[UserEvent] = [*active(ADA_ID, "ada@example.org", "Ada"), RoleGranted(ADA_ID, Role.ADMIN, EVE_ID, NOON)]
FEEDER_OPEN: list[UserEvent] = [
    ServiceAccountOpened(FEEDER_ID, "Price feeder", ADA_ID, NOON),
    RoleGranted(FEEDER_ID, Role.CONSUMER, ADA_ID, NOON),
]
