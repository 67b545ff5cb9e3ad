"""Whatever people do with accounts, in whatever order: histories fold, and the actions shown are those allowed."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.decider import Decider, Rejected
from domain.users import commands as c
from domain.users.api_key import api_keys
from domain.users.events import EmailChanged, EmailVerified
from domain.users.preferences import Preferences
from domain.users.session import sessions
from domain.users.standing import LIFECYCLE
from domain.users.user import Registered, users
from domain.values import SYSTEM, Actor, Role
from tests.bdd import erased
from tests.domain.users.people import ADA, ANA, ANA_ID, BEN, EVE, FEEDER_ID, LATER, LINK, NOON

PEOPLE = (ANA, BEN, ADA, EVE)
actors = st.sampled_from(PEOPLE)
links = st.sampled_from([LINK, *(UUID(int=LINK.int + number) for number in range(1, 4))])
expiries = st.sampled_from([NOON - timedelta(seconds=1), NOON + timedelta(hours=1)])
addresses = st.sampled_from(["ana@example.org", "ANA@example.org", "ana@sousa.pt", "nonsense"])
roles = st.sampled_from(list(Role))


class History(RuleBasedStateMachine):
    """A stream's life under one decider; each machine below adds what may be asked."""

    decider: Decider[Any, Any, Any]

    def __init__(self) -> None:
        super().__init__()
        self.events: list[Any] = []
        self.state = self.decider.initial

    def give(self, command: Any) -> str | None:
        refusal = self.refusal(command)
        if refusal is None:
            events = self.decider.decide(command, self.state)
            self.events += events
            self.state = self.decider.fold(events, self.state)
        return refusal

    def refusal(self, command: Any) -> str | None:
        try:
            self.decider.decide(command, self.state)
        except Rejected as refused:
            return refused.code
        return None

    @invariant()
    def history_folds_also_when_everyone_in_it_is_forgotten(self) -> None:
        assert self.decider.fold(self.events) == self.state
        forgotten = self.decider.fold(erased(event) for event in self.events)
        assert self.decider.actions(forgotten, ADA) == self.decider.actions(self.state, ADA)

    @invariant()
    def nothing_happens_that_the_decider_does_not_declare(self) -> None:
        assert all(isinstance(event, self.decider.events) for event in self.events)


def command_of(step: type[Any], by: Actor) -> Any:
    """The command of a lifecycle's step, with content where it takes some."""
    fields: dict[type[Any], dict[str, Any]] = {
        c.EditProfile: {"name": "Ana Maria"},
        c.SetPreferences: {"preferences": Preferences("pt")},
        c.ChangePassword: {"now": NOON},
        c.RequestEmailChange: {"request_id": LINK, "email": "ana@elsewhere.example", "now": NOON},
        c.ProvePhone: {"phone": "+263771234567", "now": NOON},
        c.GrantRole: {"role": Role.COURIER, "now": NOON},
        c.RevokeRole: {"role": Role.COURIER, "now": NOON},
        c.SuspendUser: {"reason": "Rude.", "now": NOON},
        c.ReinstateUser: {"now": NOON},
        c.RequestErasure: {"due_at": LATER, "now": NOON},
        c.WithdrawErasure: {"now": NOON},
    }
    return step(user_id=ANA_ID, by=by, **fields[step])


class UserHistory(History):
    decider = users

    @initialize(begun=st.integers(0, 4), email=addresses, link=links)
    def begin(self, begun: int, email: str, link: UUID) -> None:
        if begun:
            self.give(c.RegisterUser(ANA_ID, email, "Ana", link, NOON))

    @rule(email=addresses, link=links)
    def register(self, email: str, link: UUID) -> None:
        self.give(c.RegisterUser(ANA_ID, email, "Ana", link, NOON))

    @rule(by=actors)
    def open_service(self, by: Actor) -> None:
        self.give(c.OpenServiceAccount(ANA_ID, "Feeder", by, NOON))

    @rule(link=links, kind=st.sampled_from([c.RequestEmailVerification, c.RequestPasswordReset]))
    def ask_for_a_link(self, link: UUID, kind: Any) -> None:
        self.give(kind(ANA_ID, link, SYSTEM, NOON))

    @rule(link=links, email=addresses, by=actors)
    def ask_for_another_address(self, link: UUID, email: str, by: Actor) -> None:
        self.give(c.RequestEmailChange(ANA_ID, link, email, by, NOON))

    @rule(link=links, expires=expiries, kind=st.sampled_from([c.VerifyEmail, c.ConfirmEmailChange, c.ResetPassword]))
    def follow_a_link(self, link: UUID, expires: Any, kind: Any) -> None:
        command = kind(ANA_ID, link, expires, ANA, NOON)
        if self.give(command) is None:
            assert self.refusal(command) == "code_used"

    @rule(role=roles, by=actors, kind=st.sampled_from([c.GrantRole, c.RevokeRole]))
    def change_roles(self, role: Role, by: Actor, kind: Any) -> None:
        self.give(kind(ANA_ID, role, by, NOON))

    @rule(step=st.sampled_from(LIFECYCLE.steps), by=actors)
    def act(self, step: Any, by: Actor) -> None:
        self.give(command_of(step.command, by))

    @rule(now=st.sampled_from([NOON, LATER]), late=st.booleans())
    def forget(self, now: Any, late: bool) -> None:
        self.give(c.PostponeErasure(ANA_ID, LATER + timedelta(days=1), (), now) if late else c.EraseUser(ANA_ID, now))

    @invariant()
    def the_actions_shown_are_those_allowed(self) -> None:
        for by in PEOPLE:
            shown = users.actions(self.state, by)
            for step in LIFECYCLE.steps:
                refusal = self.refusal(command_of(step.command, by))
                told = {each.refused for each in LIFECYCLE.steps if each.action == step.action}  # one's own account, or another's
                if step.action in shown:
                    # What is left to refuse is the command's own content: a role for another kind, the address one has.
                    assert refusal in {None, "role_unsuitable", "email_unchanged"}
                else:
                    assert refusal in told | {"not_yours", "own_account", "user_not_found"}

    @invariant()
    def an_address_counts_as_proven_only_when_a_link_was_followed(self) -> None:
        if isinstance(self.state, Registered) and self.state.kind == "person":
            followed = any(isinstance(event, EmailVerified | EmailChanged) for event in self.events)
            assert self.state.verified == followed


class SessionHistory(History):
    decider = sessions

    @rule()
    def start(self) -> None:
        self.give(c.StartSession(LINK, ANA_ID, "Firefox", NOON))

    @rule(by=actors)
    def end(self, by: Actor) -> None:
        self.give(c.EndSession(LINK, "ended", by, NOON))

    @invariant()
    def the_actions_shown_are_those_allowed(self) -> None:
        for by in PEOPLE:
            ended = c.EndSession(LINK, "ended", by, NOON)
            allowed = self.refusal(ended) is None and bool(sessions.decide(ended, self.state))
            assert sessions.actions(self.state, by) == (["end"] if allowed else [])


class ApiKeyHistory(History):
    decider = api_keys

    @rule(by=actors, scopes=st.sampled_from([frozenset[str](), frozenset({"feeds:read"})]))
    def create(self, by: Actor, scopes: frozenset[str]) -> None:
        self.give(c.CreateApiKey(LINK, FEEDER_ID, "nightly", scopes, by, NOON))

    @rule(by=actors)
    def revoke(self, by: Actor) -> None:
        self.give(c.RevokeApiKey(LINK, by, NOON))

    @invariant()
    def the_actions_shown_are_those_allowed(self) -> None:
        for by in PEOPLE:
            revoked = c.RevokeApiKey(LINK, by, NOON)
            allowed = self.refusal(revoked) is None and bool(api_keys.decide(revoked, self.state))
            assert api_keys.actions(self.state, by) == (["revoke"] if allowed else [])


FEW = settings(max_examples=60, stateful_step_count=20, deadline=None)

TestUserHistories = UserHistory.TestCase
TestUserHistories.settings = FEW
TestSessionHistories = SessionHistory.TestCase
TestSessionHistories.settings = FEW
TestApiKeyHistories = ApiKeyHistory.TestCase
TestApiKeyHistories.settings = FEW
