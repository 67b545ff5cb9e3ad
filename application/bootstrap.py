"""The first admin and the people of the demonstration, made by the commands that everyone uses."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from msgspec import Struct

from application.commands.users import ChangeStanding, Register
from application.handler import Handler
from application.ports import Clock, Ids, Meta
from domain.decider import Rejected
from domain.users.commands import GrantRole, RegisterUser, VerifyEmail
from domain.users.user import Registered
from domain.values import SYSTEM, Actor, Role

FIRST_USERS = UUID("a3f0c3a8-54d5-5f7e-8f0e-8a5c2a6e6f10")
"""The namespace of the commands' ids: the same person is made once, however often a process starts."""


class Person(Struct, frozen=True):
    email: str
    password: str
    name: str
    roles: tuple[Role, ...] = ()


DEMO = (
    Person("seller@tradewind.example", "Tradewind-Seller-1", "Sam Seller", (Role.SELLER,)),
    Person("customer@tradewind.example", "Tradewind-Customer-1", "Cleo Customer"),
    Person("moderator@tradewind.example", "Tradewind-Moderator-1", "Mo Moderator", (Role.MODERATOR,)),
    Person("auditor@tradewind.example", "Tradewind-Auditor-1", "Auda Auditor", (Role.AUDITOR,)),
)


class Bootstrap:
    """`bootstrap([admin, *DEMO])` makes whoever is not there yet, with a proven address."""

    def __init__(self, handle: Handler, register: Register, change_standing: ChangeStanding, clock: Clock, ids: Ids) -> None:
        self.handle = handle
        self.register = register
        self.change_standing = change_standing
        self.clock = clock
        self.ids = ids

    def __call__(self, people: Sequence[Person]) -> None:
        """A second start changes nothing, also after someone changed a password or lost a role; a taken address stays its holder's.

        Raises Rejected, with `password_weak` where an admin's password is.
        """
        now = self.clock()
        for person in people:
            try:
                self._make(person, now)
            except Rejected as refused:
                if refused.code != "email_taken":
                    raise

    def _make(self, person: Person, now: datetime) -> None:
        command = RegisterUser(self.ids(), person.email, person.name, self.ids(), now)
        made = self.register(command, person.password, self._meta(person, "register"))
        id, user = made.stream, made.state
        if isinstance(user, Registered) and user.verification is not None:
            verify = VerifyEmail(id, user.verification, now + timedelta(minutes=1), Actor(id), now)
            self.handle(id, verify, self._meta(person, "verify"))
        for role in person.roles:
            self.change_standing(GrantRole(id, role, SYSTEM, now), self._meta(person, role), None)

    def _meta(self, person: Person, step: str) -> Meta:
        command_id = uuid5(FIRST_USERS, f"{person.email}\n{step}")
        return Meta(command_id, SYSTEM.id, command_id)


def admin(email: str, password: str) -> Person:
    return Person(email, password, "Admin", (Role.ADMIN,))
