"""C6: whose goods lie ready shows a code, and a counter hands them out for it, once, also where the network is gone."""

import hashlib
import json
from base64 import urlsafe_b64decode
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import jwt
import pytest

from application.commands.counters.passes import ReplaceLostPass
from application.ports import Meta
from domain.decider import Rejected
from domain.groups.commands import AcceptGroup, NoteShipment
from domain.groups.group import groups
from domain.groups.ids import pass_id, quote_id, shipment_id
from domain.groups.passes.commands import RedeemPass
from domain.groups.passes.hand_over import Issued, passes
from domain.groups.standing import Opened
from domain.groups.values import PickupPlace
from domain.values import Actor, Role
from infrastructure.passes.tokens import SealedPasses
from tests.journeys.groups.gatherings import HARARE, give, opened, pay
from tests.journeys.town import Person, Town, answered

ANA, BEN, CLEO, EVE, SAM = (f"{name}@example.org" for name in ("ana", "ben", "cleo", "eve", "sam"))


class Counter:
    """Ana's group has brought ten bags: seven for Ben and one for Cleo at the gate, two for Ana in the hall. Sam is staff, Eve nobody."""

    def __init__(self, town: Town) -> None:
        self.town = town
        names = (ANA, "Ana Sousa"), (BEN, "Ben Maria Moyo"), (CLEO, "Cleo"), (EVE, "Eve Ndou"), (SAM, "Sam Zulu")
        self.ana, self.ben, self.cleo, self.eve, sam = (town.registered(*each) for each in names)
        town.admin().post(f"/v1/users/{sam.id}/roles", {"role": "staff"})
        self.sam = town.sign_in(SAM)
        self.gate, self.hall = str(uuid4()), str(uuid4())
        self.group = self.brought(self.ana, {self.ben: 7, self.cleo: 1, self.ana: 2})

    def brought(self, organiser: Person, members: dict[Person, int]) -> UUID:
        town, deadline = self.town, self.town.clock() + timedelta(days=3)
        window = deadline + timedelta(days=9), deadline + timedelta(days=10)
        named = (("gate", self.gate), ("hall", self.hall))
        places = tuple(PickupPlace(UUID(id), name, "Mbare", HARARE, *window) for name, id in named)
        group = opened(town, organiser, pickups=places)
        for member, quantity in members.items():
            place = self.hall if member is organiser else self.gate
            member.post(f"/v1/groups/{group}/join", {"quantity": quantity, "pickupId": place})
            pay(town, group, UUID(member.id))
        organiser.post(f"/v1/groups/{group}/lock")
        give(town, group, AcceptGroup(group, quote_id(group), 900, 7, town.clock()))
        give(town, group, NoteShipment(group, shipment_id(group), "delivered", town.clock()))
        town.settle()
        return group

    def held(self, member: Person) -> Any:
        """The member's newest pass."""
        return member.get("/v1/me/passes")["items"][0]

    def redeem(self, by: Person, id: str, status: int = 200, key: str | None = None, **said: Any) -> Any:
        return answered(by.ask("POST", f"/v1/passes/{id}/redeem", said, Idempotency_Key=key or str(uuid4())), status)

    def reconcile(self, by: Person, *redemptions: dict[str, Any], status: int = 200, place: str | None = None) -> Any:
        path = f"/v1/groups/{self.group}/pickups/{place or self.gate}/reconcile"
        return by.post(path, {"redemptions": list(redemptions)}, status)

    def offline(self, id: str, quantity: int, redemption: str | None = None) -> dict[str, Any]:
        moment = self.town.clock().isoformat()
        return {"passId": id, "redemptionId": redemption or str(uuid4()), "quantity": quantity, "handedAt": moment}

    def collected(self) -> int:
        self.town.settle()
        group = self.town.container.handle.state(self.group, groups)
        assert isinstance(group, Opened)
        return group.collected


@pytest.fixture
def counter(database: str) -> Generator[Counter]:
    town = Town(database)
    try:
        yield Counter(town)
    finally:
        town.close()


def test_a_member_shows_a_code_and_a_counter_sees_who_what_and_where_and_hands_it_out(counter: Counter):
    held = counter.held(counter.ben)
    assert (held["quantity"], held["left"], held["status"], held["actions"]) == (7, 7, "issued", ["replace"])
    seen = counter.sam.get(f"/v1/passes/{held['token']}")
    assert (seen["name"], seen["title"], seen["left"], seen["pickup"]["name"]) == ("Ben M.", "Maize meal, 10 kg", 7, "gate")
    assert seen["actions"] == ["redeem", "replace", "void"]
    assert "token" not in seen
    assert counter.ana.get(f"/v1/passes/{held['token']}")["actions"] == ["redeem", "void"]
    done = counter.redeem(counter.ana, held["id"], quantity=3)
    assert (done["id"], done["actions"]) == (held["id"], ["redeem", "void"])
    assert counter.held(counter.ben)["status"] == "partly_redeemed"
    assert counter.collected() == 3
    counter.redeem(counter.sam, held["id"])
    shown = counter.held(counter.ben)
    assert (shown["left"], shown["status"], shown["token"], shown["actions"]) == (0, "redeemed", None, [])
    assert [(each["quantity"], each["by"]) for each in shown["handedOut"]] == [(3, counter.ana.id), (4, counter.sam.id)]
    assert counter.collected() == 7
    assert counter.sam.get(f"/v1/passes/{held['token']}")["status"] == "redeemed"


def test_the_link_in_the_letter_shows_the_code_without_an_account_for_as_long_as_the_pass_is_good(counter: Counter):
    town = counter.town
    path = mailed(town, BEN)
    answer = opened_at(town, path)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-store")
    for part in ("<svg", "Maize meal, 10 kg", "7 pieces", "<b>gate</b>", "Mbare, Harare"):
        assert part in answer.text
    for part in ("Ben", counter.ben.id, "<script", "http-equiv"):
        assert part not in answer.text
    assert path == f"/p/{counter.held(counter.ben)['token']}"
    counter.redeem(counter.sam, counter.held(counter.ben)["id"], quantity=3)
    assert "4 of 7 pieces" in opened_at(town, path).text
    counter.redeem(counter.sam, counter.held(counter.ben)["id"])
    used = opened_at(town, path)
    assert (used.status_code, "Everything was picked up." in used.text, "<svg" in used.text) == (410, True, False)


def test_a_link_is_good_for_nothing_once_its_pass_is_replaced_forged_or_too_old(counter: Counter):
    town = counter.town
    first = mailed(town, CLEO)
    counter.cleo.post(f"/v1/passes/{counter.held(counter.cleo)['id']}/replace", {"reason": "My phone is gone."}, 201)
    second = mailed(town, CLEO)
    lost = opened_at(town, first)
    assert (first != second, lost.status_code, "replaced by a newer one" in lost.text) == (True, 410, True)
    assert opened_at(town, second).status_code == 200
    forged = opened_at(town, f"{second[:-2]}{'A' if second[-2] != 'A' else 'B'}{second[-1]}")
    assert (forged.status_code, "<svg" in forged.text) == (404, False)
    assert opened_at(town, "/p/x").status_code == 404
    town.clock.ahead += timedelta(days=60)
    late = opened_at(town, second)
    assert (late.status_code, "The time to pick up is over." in late.text, "<svg" in late.text) == (410, True, False)


def mailed(town: Town, to: str) -> str:
    """Where the newest letter with a pass leads to."""
    town.settle()
    letter = next(each for each in town.container.mailbox.newest(20, to=to) if each.subject.startswith("Your goods are there"))
    return next(urlsplit(link).path for link in letter.links if "/p/" in link)


def opened_at(town: Town, path: str) -> Any:
    town.runner.catch_up()
    return town.http.get(path)


def test_when_everybody_has_collected_the_group_is_complete(counter: Counter):
    for member in (counter.ben, counter.cleo, counter.ana):
        counter.redeem(counter.sam, counter.held(member)["id"])
    assert counter.collected() == 10
    assert counter.ana.get(f"/v1/groups/{counter.group}")["status"] == "completed"


def test_a_hand_over_whose_answer_was_lost_is_done_once(counter: Counter):
    id, key, redemption = counter.held(counter.ben)["id"], str(uuid4()), str(uuid4())
    first = counter.redeem(counter.sam, id, key=key, quantity=2)
    assert counter.redeem(counter.sam, id, key=key, quantity=2) == first
    counter.redeem(counter.sam, id, quantity=1, redemptionId=redemption)
    counter.redeem(counter.sam, id, quantity=1, redemptionId=redemption)
    assert counter.redeem(counter.sam, id, 422, quantity=2, redemptionId=redemption) == ("redemption_reused", "/redemptionId")
    assert counter.held(counter.ben)["left"] == 4
    assert counter.sam.post(f"/v1/passes/{id}/redeem", {}, 400) == ("idempotency_key_required", None)


def test_of_two_counters_at_the_same_moment_one_hands_out_and_the_other_is_told(counter: Counter):
    handle, now = counter.town.container.handle, counter.town.clock()
    id = pass_id(counter.group, UUID(counter.ben.id), 1)
    staff = [Actor(uuid4(), frozenset({Role.STAFF})) for _ in range(8)]
    ready = Barrier(len(staff))

    def redeem(by: Actor) -> str:
        command = uuid4()
        ready.wait()
        try:
            handle(id, RedeemPass(id, None, command, by, now), Meta(command, by.id, command))
        except Rejected as refused:
            return refused.code
        return "handed out"

    with ThreadPoolExecutor(len(staff)) as counters:
        outcomes = sorted(counters.map(redeem, staff))
    assert outcomes == ["handed out", *["pass_used"] * 7]
    assert counter.collected() == 7


def test_a_pass_replaced_while_it_is_redeemed_keeps_every_piece_once(counter: Counter):
    handle, now, ben = counter.town.container.handle, counter.town.clock(), Actor(UUID(counter.ben.id))
    first, second = (pass_id(counter.group, ben.id, number) for number in (1, 2))
    staff = Actor(uuid4(), frozenset({Role.STAFF}))
    ready = Barrier(4)

    def redeem(_: int) -> int:
        command = uuid4()
        ready.wait()
        try:
            handle(first, RedeemPass(first, 1, command, staff, now), Meta(command, staff.id, command))
        except Rejected as refused:
            assert refused.code == "pass_void"  # noqa: PT017 - one of two outcomes
            return 0
        return 1

    def replace() -> None:
        ready.wait()
        ReplaceLostPass(handle)(first, ben, now, Meta(uuid4(), ben.id, uuid4()))

    with ThreadPoolExecutor(4) as both:
        lost = both.submit(replace)
        handed = sum(both.map(redeem, range(3)))
        lost.result()
    new = handle.state(second, passes)
    assert isinstance(new, Issued)
    assert handed + new.left == 7


def test_a_lost_phone_gets_a_new_pass_and_the_old_one_is_void(counter: Counter):
    old = counter.held(counter.ben)
    counter.redeem(counter.sam, old["id"], quantity=2)
    assert counter.eve.post(f"/v1/passes/{old['id']}/replace", status=403) == ("not_yours", None)
    new = counter.ben.post(f"/v1/passes/{old['id']}/replace", status=201)["id"]
    held = counter.held(counter.ben)
    assert (held["id"], held["number"], held["quantity"]) == (new, 2, 5)
    seen = counter.sam.get(f"/v1/passes/{old['token']}")
    assert (seen["status"], seen["replacedBy"], seen["actions"]) == ("void", new, [])
    assert counter.redeem(counter.sam, old["id"], 409) == ("pass_void", None)
    assert counter.ben.post(f"/v1/passes/{old['id']}/replace", status=409) == ("pass_void", None)
    assert counter.ben.get(f"/v1/passes/{old['id']}/qr", 409) == ("pass_void", None)
    counter.redeem(counter.sam, new)
    assert counter.collected() == 7


def test_a_withdrawn_pass_is_good_for_nothing_until_staff_replace_it(counter: Counter):
    id = counter.held(counter.ben)["id"]
    assert counter.ben.post(f"/v1/passes/{id}/void", status=403) == ("not_yours", None)
    counter.ana.post(f"/v1/passes/{id}/void")
    assert counter.redeem(counter.sam, id, 409) == ("pass_void", None)
    new = counter.sam.post(f"/v1/passes/{id}/replace", status=201)["id"]
    assert counter.held(counter.ben)["id"] == new


def test_forged_foreign_expired_and_used_passes_have_their_codes(counter: Counter):
    held = counter.held(counter.ben)
    forged = SealedPasses([b"t" * 32]).token(counter.town.container.handing_out.queries["pass_tokens"].read(held["token"]))
    for text in (forged, held["token"][:-2] + "AA", "nonsense"):
        assert counter.sam.get(f"/v1/passes/{text}", 404) == ("pass_forged", None)
    for other in (counter.eve, counter.ben):
        assert other.get(f"/v1/passes/{held['token']}", 403) == ("not_yours", None)
    assert counter.redeem(counter.eve, held["id"], 403) == ("not_yours", None)
    assert counter.redeem(counter.ben, held["id"], 403) == ("not_yours", None)
    assert counter.redeem(counter.sam, str(uuid4()), 404) == ("pass_not_found", None)
    assert counter.redeem(counter.sam, str(counter.group), 404) == ("pass_not_found", None)
    assert counter.eve.get(f"/v1/passes/{held['id']}", 404) == ("pass_not_found", None)
    assert counter.ben.get(f"/v1/passes/{held['id']}")["actions"] == ["replace"]
    assert counter.redeem(counter.sam, held["id"], 422, pickupId=counter.hall) == ("pass_elsewhere", "/pickupId")
    assert counter.redeem(counter.sam, held["id"], 422, quantity=8) == ("pass_used", "/quantity")
    counter.redeem(counter.sam, counter.held(counter.cleo)["id"])
    assert counter.redeem(counter.sam, counter.held(counter.cleo)["id"], 409) == ("pass_used", None)
    counter.town.later(timedelta(days=60))
    assert counter.sam.get(f"/v1/passes/{held['token']}", 409) == ("pass_expired", None)
    assert counter.redeem(counter.sam, held["id"], 409) == ("pass_expired", None)
    assert counter.ben.get(f"/v1/passes/{held['id']}/qr", 409) == ("pass_expired", None)
    assert counter.held(counter.ben)["token"] is None


def test_the_code_is_a_picture_for_its_member_alone(counter: Counter):
    id = counter.held(counter.ben)["id"]
    for form, media, begins in (("svg", "image/svg+xml", b"<?xml"), ("png", "image/png", b"\x89PNG")):
        picture = counter.ben.ask("GET", f"/v1/passes/{id}/qr?format={form}")
        assert (picture.status_code, picture.headers["Content-Type"], picture.headers["Cache-Control"]) == (200, media, "private, no-store")
        assert picture.content.startswith(begins)
        assert picture.headers["ETag"] == counter.ben.ask("GET", f"/v1/passes/{id}/qr?format={form}").headers["ETag"]
    for other in (counter.eve, counter.ana, counter.sam):
        assert other.get(f"/v1/passes/{id}/qr", 404) == ("pass_not_found", None)
    assert counter.ben.get(f"/v1/passes/{id}/qr?format=gif", 400) == ("invalid_parameter", None)


def test_a_counter_without_a_network_works_by_a_signed_list(counter: Counter):
    path = f"/v1/groups/{counter.group}/pickups/{counter.gate}/list"
    signed = counter.ana.get(path)
    (key,) = (jwt.PyJWK(each) for each in counter.town.guest().get("/v1/pass-keys")["keys"])
    compact = ".".join((signed["protected"], signed["payload"], signed["signature"]))
    listed = json.loads(jwt.PyJWS().decode(compact, key, algorithms=["EdDSA"]))
    by_hash = {each: entry for entry in listed["passes"] for each in entry["tokenHashes"]}
    held = counter.held(counter.ben)
    found = by_hash[hashlib.sha256(held["token"].encode()).hexdigest()]
    assert (found["passId"], found["name"], found["left"]) == (held["id"], "Ben M.", 7)
    assert (listed["pickup"]["name"], listed["title"], len(listed["passes"])) == ("gate", "Maize meal, 10 kg", 2)
    clear = urlsafe_b64decode(signed["payload"] + "==").decode()
    assert held["token"] not in clear
    assert "@" not in clear
    assert counter.sam.get(path)["protected"] == signed["protected"]
    for other in (counter.eve, counter.ben):
        assert other.get(path, 404) == ("pickup_not_found", None)
    assert counter.ana.get(f"/v1/groups/{counter.group}/pickups/{uuid4()}/list", 404) == ("pickup_not_found", None)


def test_what_was_handed_out_offline_is_reconciled_and_its_conflicts_are_shown(counter: Counter):
    bens, cleos, anas = (counter.held(each)["id"] for each in (counter.ben, counter.cleo, counter.ana))
    counter.redeem(counter.sam, cleos)
    again = counter.offline(cleos, 1)
    taken, over = counter.offline(bens, 5), counter.offline(bens, 4)
    elsewhere, unknown, foreign = counter.offline(anas, 1), counter.offline(str(uuid4()), 1), counter.offline(str(counter.group), 1)
    told = counter.reconcile(counter.ana, taken, again, over, elsewhere, unknown, foreign)["results"]
    assert [(each["outcome"], each["code"], each["left"]) for each in told] == [
        ("accepted", "", 2),
        ("conflict", "pass_used", 0),
        ("conflict", "pass_used", 0),
        ("conflict", "pass_elsewhere", 2),
        ("refused", "pass_not_found", None),
        ("refused", "pass_not_found", None),
    ]
    repeated = counter.reconcile(counter.sam, taken, again, over)["results"]
    assert [each["outcome"] for each in repeated] == ["already", "conflict", "conflict"]
    assert counter.collected() == 8
    shown = counter.ana.get(f"/v1/groups/{counter.group}/passes?clashed=true")["items"]
    clashes = {each["name"]: [(clash["excess"], clash["reason"]) for clash in each["clashes"]] for each in shown}
    assert clashes == {"Ana S.": [(1, "pass_elsewhere")], "Ben M.": [(2, "pass_used")], "Cleo": [(1, "pass_used")]}
    assert counter.reconcile(counter.eve, taken, status=403) == ("not_yours", None)
    assert counter.eve.get(f"/v1/groups/{counter.group}/passes")["items"] == []


def test_the_passes_of_a_place_are_shown_by_name_which_no_pass_has_on_the_log(counter: Counter):
    by_place = counter.sam.get(f"/v1/groups/{counter.group}/passes?pickup={counter.hall}")["items"]
    assert [(each["name"], each["quantity"]) for each in by_place] == [("Ana S.", 2)]
    stored = counter.town.container.log.stream(pass_id(counter.group, UUID(counter.ana.id), 1))
    assert "Sousa" not in repr(stored)
