"""A pass is good for so many pieces, each handed out once, by whom the group trusts."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from application.processes.passes import REACTIONS
from domain.decider import Rejected
from domain.goods import Unit
from domain.groups.commands import NoteCollected
from domain.groups.events import PickUpOpened
from domain.groups.ids import pass_id
from domain.groups.passes.commands import ChangePass, IssuePass, ReconcileHandOver, RedeemPass, ReplacePass, VoidPass
from domain.groups.passes.events import Clash, HandOverClashed, PassEvent, PassIssued, PassRedeemed, PassVoided, Voiding
from domain.groups.passes.hand_over import LIFECYCLE, Issued, passes
from domain.groups.values import Part, PickupPlace
from domain.values import SYSTEM, Actor, Place, Role
from tests.bdd import Given, Happened

GROUP, GATE, HALL = UUID(int=1), UUID(int=2), UUID(int=3)
ANA, BEN, CLEO = (Actor(UUID(int=number)) for number in (11, 12, 13))
STAN = Actor(UUID(int=14), frozenset({Role.STAFF}))
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
LATER, END = NOON + timedelta(hours=1), NOON + timedelta(days=7)
PASS, NEXT = pass_id(GROUP, BEN.id, 1), pass_id(GROUP, BEN.id, 2)
FIRST, SECOND = UUID(int=21), UUID(int=22)
PLACE = PickupPlace(GATE, "Mbare market", "Gate 2", Place("ZW", locality="Harare"), NOON, NOON + timedelta(hours=6))

FOR = (ANA.id, "Maize meal", "MAIZE-10", Unit.KILOGRAM, PLACE)
issued = PassIssued(PASS, GROUP, BEN.id, GATE, 5, 1, END, NOON, *FOR)


def redeem(quantity: int | None = None, redemption: UUID = FIRST, by: Actor = STAN, now: datetime = LATER, **more: Any) -> RedeemPass:
    return RedeemPass(PASS, quantity, redemption, by, now, **more)


def redeemed(quantity: int, left: int, redemption: UUID = FIRST, by: Actor = STAN) -> PassRedeemed:
    return PassRedeemed(PASS, GROUP, BEN.id, quantity, left, redemption, by.id, LATER, GATE, LATER)


def offline(quantity: int, redemption: UUID = FIRST, handed_at: datetime = NOON, **more: Any) -> ReconcileHandOver:
    given: dict[str, Any] = {"group_id": GROUP, "pickup_id": GATE, **more}
    return ReconcileHandOver(PASS, given["group_id"], given["pickup_id"], quantity, redemption, handed_at, STAN, LATER)


def clashed(quantity: int, excess: int, reason: Clash, redemption: UUID = FIRST, pickup: UUID = GATE, at: datetime = NOON) -> Any:
    return HandOverClashed(PASS, GROUP, BEN.id, pickup, quantity, excess, reason, redemption, STAN.id, at, LATER)


def replaced(left: int) -> PassVoided:
    return PassVoided(PASS, GROUP, BEN.id, Voiding.REPLACED, LATER, BEN.id, left, NEXT)


withdrawn = PassVoided(PASS, GROUP, BEN.id, Voiding.WITHDRAWN, LATER, STAN.id, 5)


def test_only_the_service_itself_issues_passes_and_each_once():
    issue = IssuePass(PASS, GROUP, BEN.id, GATE, 5, 1, END, SYSTEM, NOON, *FOR)
    Given(passes).when(issue).then(issued)
    Given(passes, issued).when(issue).then()
    Given(passes).when(IssuePass(PASS, GROUP, BEN.id, GATE, 5, 1, END, BEN, NOON)).rejected("not_yours")


def test_goods_are_handed_out_in_parts_and_never_more_than_are_left():
    Given(passes, issued).when(redeem()).then(redeemed(5, 0))
    Given(passes, issued).when(redeem(2)).then(redeemed(2, 3))
    Given(passes, issued, redeemed(2, 3)).when(redeem(None, SECOND)).then(redeemed(3, 0, SECOND))
    Given(passes, issued, redeemed(2, 3)).when(redeem(4, SECOND)).rejected("pass_used", pointer="/quantity")
    Given(passes, issued, redeemed(5, 0)).when(redeem(None, SECOND)).rejected("pass_used")
    Given(passes, issued).when(redeem(0)).rejected("quantity_invalid", pointer="/quantity")


def test_the_same_hand_over_again_is_already_so_and_another_under_its_id_is_none():
    Given(passes, issued, redeemed(5, 0)).when(redeem(5)).then()
    Given(passes, issued, redeemed(2, 3)).when(redeem()).then()
    Given(passes, issued, redeemed(2, 3), replaced(3)).when(redeem(2)).then()
    Given(passes, issued, redeemed(2, 3)).when(redeem(3)).rejected("redemption_reused", pointer="/redemptionId")


def test_the_organiser_and_staff_hand_out_and_nobody_else_does():
    Given(passes, issued).when(redeem(by=ANA)).then(redeemed(5, 0, by=ANA))
    for other in (BEN, CLEO):
        Given(passes, issued).when(redeem(by=other)).rejected("not_yours")
        Given(passes, issued, redeemed(5, 0)).when(redeem(by=other)).rejected("not_yours")
    Given(passes).when(redeem()).rejected("pass_not_found")
    Given(passes, issued).offers(BEN, "replace")
    Given(passes, issued).offers(ANA, "redeem", "void")
    Given(passes, issued).offers(STAN, "redeem", "replace", "void")
    Given(passes, issued).offers(CLEO)


def test_nothing_is_handed_out_at_another_place_or_after_the_end():
    Given(passes, issued).when(redeem(pickup_id=HALL)).rejected("pass_elsewhere", pointer="/pickupId")
    Given(passes, issued).when(redeem(pickup_id=GATE)).then(redeemed(5, 0))
    Given(passes, issued).when(redeem(now=END)).rejected("pass_expired")
    Given(passes, issued).when(ReplacePass(PASS, NEXT, 5, BEN, END)).rejected("pass_expired")


def test_a_lost_phone_makes_its_pass_void_and_what_is_left_goes_to_the_next():
    Given(passes, issued, redeemed(2, 3)).when(ReplacePass(PASS, NEXT, 3, BEN, LATER)).then(replaced(3))
    Given(passes, issued, redeemed(2, 3)).when(ReplacePass(PASS, NEXT, 5, BEN, LATER)).rejected("pass_changed")
    Given(passes, issued, redeemed(5, 0)).when(ReplacePass(PASS, NEXT, 0, BEN, LATER)).rejected("pass_used")
    Given(passes, issued, replaced(5)).when(redeem()).rejected("pass_void")
    Given(passes, issued, replaced(5)).when(ReplacePass(PASS, NEXT, 5, BEN, LATER)).rejected("pass_void")
    Given(passes, issued).when(ReplacePass(PASS, NEXT, 5, CLEO, LATER)).rejected("not_yours")


def test_a_pass_in_the_wrong_hands_is_withdrawn_and_staff_alone_replace_it():
    Given(passes, issued).when(VoidPass(PASS, STAN, LATER)).then(withdrawn)
    Given(passes, issued, withdrawn).when(VoidPass(PASS, STAN, LATER)).then()
    Given(passes, issued).when(VoidPass(PASS, BEN, LATER)).rejected("not_yours")
    Given(passes, issued, redeemed(5, 0)).when(VoidPass(PASS, STAN, LATER)).rejected("pass_used")
    Given(passes, issued, withdrawn).when(redeem()).rejected("pass_void")
    Given(passes, issued, withdrawn).when(ReplacePass(PASS, NEXT, 5, BEN, LATER)).rejected("pass_void")
    Given(passes, issued, withdrawn).offers(STAN, "replace")
    again = PassVoided(PASS, GROUP, BEN.id, Voiding.REPLACED, LATER, STAN.id, 5, NEXT)
    Given(passes, issued, withdrawn).when(ReplacePass(PASS, NEXT, 5, STAN, LATER)).then(again)


def test_what_was_handed_out_offline_is_taken_off_and_what_was_too_much_is_recorded():
    taken = PassRedeemed(PASS, GROUP, BEN.id, 2, 3, FIRST, STAN.id, LATER, GATE, NOON)
    rest = PassRedeemed(PASS, GROUP, BEN.id, 3, 0, SECOND, STAN.id, LATER, GATE, NOON)
    Given(passes, issued).when(offline(2)).then(taken)
    Given(passes, issued, taken).when(offline(2)).then()
    Given(passes, issued, taken).when(offline(3)).rejected("redemption_reused", pointer="/redemptionId")
    clash = clashed(5, 2, Clash.USED, SECOND)
    Given(passes, issued, taken).when(offline(5, SECOND)).then(rest, clash)
    Given(passes, issued, taken, rest, clash).when(offline(5, SECOND)).then()
    Given(passes, issued, redeemed(5, 0)).when(offline(1, SECOND)).then(clashed(1, 1, Clash.USED, SECOND))


def test_a_void_late_or_foreign_hand_over_offline_leaves_the_pass_as_it_is():
    Given(passes, issued, replaced(5)).when(offline(2)).then(clashed(2, 2, Clash.VOID))
    Given(passes, issued, withdrawn).when(offline(2)).then(clashed(2, 2, Clash.VOID))
    Given(passes, issued).when(offline(2, pickup_id=HALL)).then(clashed(2, 2, Clash.ELSEWHERE, pickup=HALL))
    Given(passes, issued).when(offline(2, group_id=HALL)).rejected("pass_not_found")
    late = ReconcileHandOver(PASS, GROUP, GATE, 2, FIRST, END, STAN, END + timedelta(days=1))
    Given(passes, issued).when(late).then(
        HandOverClashed(PASS, GROUP, BEN.id, GATE, 2, 2, Clash.EXPIRED, FIRST, STAN.id, END, END + timedelta(days=1))
    )


def test_what_was_handed_out_in_time_counts_however_late_it_is_told():
    told = ReconcileHandOver(PASS, GROUP, GATE, 5, FIRST, NOON, STAN, END + timedelta(days=1))
    taken = PassRedeemed(PASS, GROUP, BEN.id, 5, 0, FIRST, STAN.id, END + timedelta(days=1), GATE, NOON)
    Given(passes, issued).when(told).then(taken)


def test_a_device_whose_clock_is_ahead_hands_out_now():
    Given(passes, issued).when(offline(5, handed_at=END + timedelta(days=9))).then(redeemed(5, 0))


def test_every_part_gets_a_pass_when_the_goods_lie_ready_and_the_group_hears_what_was_handed_out():
    parts = Part(BEN.id, 5, GATE, 4_500), Part(CLEO.id, 6, HALL, 5_400)
    hall = PickupPlace(HALL, "Hall", "", Place("ZW"), NOON, LATER)
    ready = PickUpOpened(GROUP, parts, (PLACE, hall), END, NOON, ANA.id, "Maize meal", "MAIZE-10", Unit.KILOGRAM)
    cleos, of = pass_id(GROUP, CLEO.id, 1), (ANA.id, "Maize meal", "MAIZE-10", Unit.KILOGRAM)
    Happened(ready, REACTIONS).then(
        (PASS, IssuePass(PASS, GROUP, BEN.id, GATE, 5, 1, END, SYSTEM, NOON, *FOR)),
        (cleos, IssuePass(cleos, GROUP, CLEO.id, HALL, 6, 1, END, SYSTEM, NOON, *of, hall)),
    )
    Happened(redeemed(2, 3), REACTIONS).then((GROUP, NoteCollected(GROUP, BEN.id, PASS, 2, LATER)))


class Counters(RuleBasedStateMachine):
    """Any number of counters, with and without a network, and a member who keeps losing his phone."""

    def __init__(self) -> None:
        super().__init__()
        self.state: Any = passes.fold([issued])
        self.handed = 0
        self.refusals: set[str] = set()
        self.known: list[RedeemPass | ReconcileHandOver] = []

    def give(self, command: ChangePass) -> list[PassEvent]:
        offered = LIFECYCLE.actions(self.state.status, frozenset({"staff"}))
        try:
            events = passes.decide(command, self.state)
        except Rejected as refused:
            self.refusals.add(refused.code)
            return []
        if events and isinstance(command, RedeemPass):
            assert "redeem" in offered
        self.state = passes.fold(events, self.state)
        self.handed += sum(each.quantity for each in events if isinstance(each, PassRedeemed))
        return events

    @rule(quantity=st.integers(1, 4), online=st.booleans(), redemption=st.uuids())
    def hand_out(self, quantity: int, online: bool, redemption: UUID):
        command = redeem(quantity, redemption) if online else offline(quantity, redemption)
        self.give(command)
        self.known.append(command)

    @rule(data=st.data())
    def say_again(self, data: st.DataObject):
        if self.known:
            command = data.draw(st.sampled_from(self.known))
            if command.redemption_id in self.state.redemptions:
                assert self.give(command) == []

    @rule()
    def withdraw(self):
        self.give(VoidPass(PASS, STAN, LATER))

    @invariant()
    def each_piece_was_handed_out_once(self):
        assert isinstance(self.state, Issued)
        assert self.handed + self.state.left == 5
        assert self.state.left >= 0
        assert self.refusals <= {"pass_used", "pass_void", "redemption_reused"}


def test_whatever_counters_do_no_piece_is_handed_out_twice():
    run_state_machine_as_test(Counters, settings=settings(max_examples=60, stateful_step_count=12, deadline=None))  # pyright: ignore[reportUnknownMemberType]
