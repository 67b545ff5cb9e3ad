"""M7: a packed order finds its courier, is followed on its way, and is handed over with a proof, or comes back."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from infrastructure.readstores.redis import connect
from infrastructure.security.ratelimit import RedisRateLimit
from tests.journeys.town import Person, Town
from tests.journeys.trade import confirmed, window

ANA, BEN, CLEO, DAN, SAM, EVE = (f"{name}@example.org" for name in ("ana", "ben", "cleo", "dan", "sam", "eve"))
BELEM, ROSSIO = {"latitude": 38.6979, "longitude": -9.2061}, {"latitude": 38.7139, "longitude": -9.1394}
BICYCLE: dict[str, Any] = {"vehicle": "bicycle", "speed": 15, "capacity": 2}


class Street:
    """Ana buys from Ben; Cleo and Dan carry, Sam is staff. All of it in one zone."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.ana, self.ben = town.registered(ANA), self.with_role(BEN, "seller")
        self.cleo, self.dan = self.with_role(CLEO, "courier"), self.with_role(DAN, "courier")
        self.sam = self.with_role(SAM, "staff")
        self.zone = self.sam.post(
            "/v1/zones", {"name": "Lisboa", "timezone": "Europe/Lisbon", "currency": "EUR", "areas": [{"country": "PT"}]}, 201
        )["id"]

    def with_role(self, email: str, role: str) -> Person:
        someone = self.town.registered(email)
        self.town.admin().post(f"/v1/users/{someone.id}/roles", {"role": role})
        return self.town.sign_in(email)

    def enrolled(self, courier: Person, **terms: Any) -> Person:
        """A courier of the zone who is on duty."""
        courier.post("/v1/couriers", {**BICYCLE, "zones": [self.zone], **terms})
        courier.put("/v1/couriers/me", {"onDuty": True})
        return courier

    def packed(self, *, zone: bool = True) -> str:
        """The delivery of an order that Ben has packed."""
        order = confirmed(self.town, self.ben, UUID(self.ana.id), ANA, zone=UUID(self.zone) if zone else None)
        self.ben.post(f"/v1/orders/{order}/pack")
        self.town.settle()
        (found,) = self.ben.get(f"/v1/deliveries?order={order}")["items"]
        return found["id"]

    def on_its_way(self) -> str:
        parcel = self.packed()
        if self.sam.get(f"/v1/deliveries/{parcel}")["status"] == "OPEN":
            self.sam.post(f"/v1/deliveries/{parcel}/assign", {"courierId": self.cleo.id})
        for step in ("pick-up", "in-transit"):
            self.cleo.post(f"/v1/deliveries/{parcel}/{step}")
        self.town.settle()
        return parcel

    def order_of(self, parcel: str) -> Any:
        self.town.settle()
        return self.ana.get(f"/v1/orders/{self.ana.get(f'/v1/deliveries/{parcel}')['orderId']}")


@pytest.fixture
def street(town: Town) -> Street:
    return Street(town)


def test_a_parcel_is_assigned_fetched_carried_and_handed_over_by_the_buyers_code(street: Street):
    ana, ben, cleo = street.ana, street.ben, street.enrolled(street.cleo)
    parcel = street.packed(zone=False)
    shown = ana.get(f"/v1/deliveries/{parcel}")
    assert (shown["status"], shown["address"]["locality"], shown["actions"]) == ("OPEN", "Lisboa", ["locate"])
    assert ben.get(f"/v1/deliveries/{parcel}")["actions"] == ["locate", "assign"]
    assert ben.get(f"/v1/deliveries/{parcel}")["code"] is None

    ben.post(f"/v1/deliveries/{parcel}/assign", {"courierId": cleo.id})
    assert cleo.post(f"/v1/deliveries/{parcel}/pick-up")["actions"] == ["in-transit", "track", "fail"]
    assert street.order_of(parcel)["status"] == "DISPATCHED"
    cleo.post(f"/v1/deliveries/{parcel}/in-transit")
    code = shown["code"]
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    assert cleo.post(f"/v1/deliveries/{parcel}/deliver", {"code": wrong}, 422) == ("code_wrong", "/code")
    assert cleo.post(f"/v1/deliveries/{parcel}/deliver", {}, 409) == ("proof_required", None)
    cleo.post(f"/v1/deliveries/{parcel}/deliver", {"code": code})
    assert street.order_of(parcel)["status"] == "DELIVERED"
    shown = ana.get(f"/v1/deliveries/{parcel}")
    assert (shown["status"], shown["proof"]["byCode"], shown["code"], shown["actions"]) == ("DELIVERED", True, None, [])
    assert cleo.get("/v1/couriers/me")["load"] == 0


def test_wrong_codes_are_counted_until_only_a_name_or_a_photo_helps(street: Street):
    cleo = street.enrolled(street.cleo)
    parcel = street.on_its_way()
    code = street.ana.get(f"/v1/deliveries/{parcel}")["code"]
    for _ in range(5):
        wrong = f"{(int(code) + 7) % 1_000_000:06}"
        assert cleo.post(f"/v1/deliveries/{parcel}/deliver", {"code": wrong}, 422) == ("code_wrong", "/code")
    assert cleo.post(f"/v1/deliveries/{parcel}/deliver", {"code": code}, 422) == ("code_locked", "/code")
    cleo.post(f"/v1/deliveries/{parcel}/deliver", {"receivedBy": "Mrs Lima", "photo": "media/1"})
    assert street.ana.get(f"/v1/deliveries/{parcel}")["proof"] == {"byCode": False, "receivedBy": "Mrs Lima", "photo": "media/1"}


def test_a_wrong_code_sent_again_under_its_key_is_counted_once(street: Street):
    cleo = street.enrolled(street.cleo)
    parcel, key = street.on_its_way(), str(uuid4())
    wrong = f"{(int(street.ana.get(f'/v1/deliveries/{parcel}')['code']) + 1) % 1_000_000:06}"
    versions = set()
    for _ in range(3):
        answer = cleo.ask("POST", f"/v1/deliveries/{parcel}/deliver", {"code": wrong}, Idempotency_Key=key)
        assert (answer.status_code, answer.json()["code"]) == (422, "code_wrong")
        versions.add(cleo.ask("GET", f"/v1/deliveries/{parcel}").headers["ETag"])
    assert len(versions) == 1


def test_by_the_rule_a_delivery_finds_the_courier_who_has_least_in_hand_and_of_those_the_nearest(street: Street):
    cleo, dan = street.enrolled(street.cleo), street.enrolled(street.dan)
    first = street.packed()
    having = street.sam.get(f"/v1/deliveries/{first}")["courierId"]
    second = street.sam.get(f"/v1/deliveries/{street.packed()}")["courierId"]
    assert {having, second} == {cleo.id, dan.id}
    loads = {each["id"]: each["load"] for each in street.sam.get(f"/v1/couriers?zone={street.zone}&onDuty=true")["items"]}
    assert loads == {cleo.id: 1, dan.id: 1}
    nearest = cleo if having == cleo.id else dan
    nearest.post(f"/v1/deliveries/{first}/track", ROSSIO)
    assert street.sam.get(f"/v1/deliveries/{street.packed()}")["courierId"] == nearest.id


def test_what_waits_is_taken_as_soon_as_somebody_comes_on_duty_or_has_room_again(street: Street):
    parcels = [street.packed() for _ in range(3)]
    assert {each["status"] for each in street.sam.get("/v1/deliveries")["items"]} == {"OPEN"}
    cleo = street.enrolled(street.cleo)
    street.town.settle()
    by_status = {each["id"]: each["status"] for each in street.sam.get("/v1/deliveries")["items"]}
    assert [by_status[each] for each in parcels] == ["ASSIGNED", "ASSIGNED", "OPEN"]
    assert street.sam.post(f"/v1/deliveries/{parcels[2]}/assign", {"courierId": cleo.id}, 409) == ("courier_full", None)
    for step in ("pick-up", "in-transit"):
        cleo.post(f"/v1/deliveries/{parcels[0]}/{step}")
    cleo.post(f"/v1/deliveries/{parcels[0]}/deliver", {"receivedBy": "Ana"})
    street.town.settle()
    assert street.sam.get(f"/v1/deliveries/{parcels[2]}")["courierId"] == cleo.id


def test_a_courier_sees_what_is_in_hand_in_the_order_in_which_one_drives_it(street: Street):
    cleo = street.enrolled(street.cleo, capacity=3)
    near, far = street.packed(), street.packed()
    street.ana.put(f"/v1/deliveries/{near}/destination", BELEM)
    cleo.post(f"/v1/deliveries/{far}/track", {"latitude": 38.70, "longitude": -9.20})
    assert [each["id"] for each in cleo.get("/v1/couriers/me/deliveries")["items"]] == [near, far]
    cleo.post(f"/v1/deliveries/{far}/track", ROSSIO)
    assert [each["id"] for each in cleo.get("/v1/couriers/me/deliveries")["items"]] == [far, near]
    assert cleo.get("/v1/couriers/me")["position"]["latitude"] == ROSSIO["latitude"]


def test_a_position_is_told_once_a_second_at_most(street: Street, redis_url: str):
    cleo = street.enrolled(street.cleo)
    first, second = street.packed(), street.packed()
    with connect(redis_url) as redis:
        street.town.container.signing_in.attempts.limits = RedisRateLimit(redis)
        assert street.ben.post(f"/v1/deliveries/{first}/track", BELEM, 403) == ("not_yours", None)
        told = [cleo.ask("POST", f"/v1/deliveries/{first}/track", BELEM) for _ in range(10)]
        assert (told[0].status_code, {each.status_code for each in told}) == (200, {200, 429})
        refused = next(each for each in told if each.status_code == 429)
        assert (refused.json()["code"], refused.headers["Retry-After"]) == ("too_many_attempts", "1")
        cleo.post(f"/v1/deliveries/{second}/track", BELEM)


def test_the_buyer_follows_the_courier_and_knows_when_he_comes(street: Street):
    ana, cleo = street.ana, street.enrolled(street.cleo)
    parcel = street.packed()
    cleo.post(f"/v1/deliveries/{parcel}/track", BELEM)
    assert ana.get(f"/v1/deliveries/{parcel}/track")["position"] is None
    for step in ("pick-up", "in-transit"):
        cleo.post(f"/v1/deliveries/{parcel}/{step}")
    told = ana.get(f"/v1/deliveries/{parcel}/track")
    assert (told["position"]["latitude"], told["status"]) == (BELEM["latitude"], "IN_TRANSIT")
    assert told["kilometres"] == pytest.approx(6.06, abs=0.02)
    assert told["arrivesAt"] > told["position"]["at"]
    by_the_clock_there = window(street.town)[0].astimezone(ZoneInfo("Europe/Lisbon"))
    assert datetime.fromisoformat(told["local"]["startsAt"]).replace(tzinfo=None) == by_the_clock_there.replace(tzinfo=None)
    assert street.ben.get(f"/v1/deliveries/{parcel}/track")["position"] == told["position"]
    future = (street.town.clock() + timedelta(hours=1)).isoformat()
    assert cleo.post(f"/v1/deliveries/{parcel}/track", {**ROSSIO, "at": future})["at"] < future
    assert ana.get(f"/v1/deliveries/{parcel}/track")["kilometres"] == 0
    cleo.post(f"/v1/deliveries/{parcel}/deliver", {"receivedBy": "Ana"})
    assert ana.get(f"/v1/deliveries/{parcel}/track")["position"] is None
    assert cleo.post(f"/v1/deliveries/{parcel}/track", ROSSIO, 409) == ("delivery_not_under_way", None)


def test_nobody_sees_or_moves_what_is_none_of_his_business(street: Street):
    street.enrolled(street.cleo)
    parcel, eve = street.packed(), street.town.registered(EVE)
    for stranger in (eve, street.dan, street.town.guest()):
        assert stranger.get(f"/v1/deliveries/{parcel}", 404) == ("delivery_not_found", None)
        assert stranger.get(f"/v1/deliveries/{parcel}/track", 404) == ("delivery_not_found", None)
    assert eve.get("/v1/deliveries")["items"] == []
    assert street.dan.post(f"/v1/deliveries/{parcel}/pick-up", status=403) == ("not_yours", None)
    assert street.dan.post(f"/v1/deliveries/{parcel}/track", ROSSIO, 403) == ("not_yours", None)
    assert street.ana.post(f"/v1/deliveries/{parcel}/assign", {"courierId": street.dan.id}, 403) == ("not_yours", None)
    assert street.cleo.post(f"/v1/deliveries/{uuid4()}/pick-up", status=404) == ("delivery_not_found", None)
    assert street.town.guest().post(f"/v1/deliveries/{parcel}/pick-up", status=401) == ("unauthenticated", None)
    assert eve.get("/v1/couriers", 403) == ("role_missing", None)


def test_only_who_was_made_a_courier_is_on_the_roster(street: Street):
    eve = street.town.registered(EVE)
    enrolment = {**BICYCLE, "zones": [street.zone]}
    assert eve.post("/v1/couriers", enrolment, 403) == ("role_missing", None)
    assert street.sam.post("/v1/couriers", {**enrolment, "courierId": eve.id}, 409) == ("not_a_courier", None)
    assert street.cleo.post("/v1/couriers", {**enrolment, "courierId": street.dan.id}, 403) == ("not_yours", None)
    assert street.cleo.post("/v1/couriers", {**BICYCLE, "zones": [str(uuid4())]}, 422) == ("zone_not_found", "/zones/0")
    assert street.cleo.put("/v1/couriers/me", {"onDuty": True}, 404) == ("courier_not_found", None)
    street.enrolled(street.cleo)
    assert street.cleo.get("/v1/couriers/me")["actions"] == ["enrol", "off-duty"]
    street.town.admin().delete(f"/v1/users/{street.cleo.id}/roles/courier")
    street.town.settle()
    assert street.sam.get(f"/v1/couriers/{street.cleo.id}")["onDuty"] is False


def test_what_cannot_be_delivered_is_tried_again_and_comes_back_in_the_end(street: Street):
    cleo = street.enrolled(street.cleo)
    parcel = street.on_its_way()
    for attempt in (1, 2, 3):
        cleo.post(f"/v1/deliveries/{parcel}/fail", {"reason": "nobody_home", "note": "No answer."})
        shown = street.ana.get(f"/v1/deliveries/{parcel}")
        assert (shown["attempts"], shown["failure"]["reason"]) == (attempt, "nobody_home")
        if attempt < 3:
            starts_at, ends_at = window(street.town)
            again = {"startsAt": starts_at.isoformat(), "endsAt": ends_at.isoformat()}
            street.sam.post(f"/v1/deliveries/{parcel}/retry", again if attempt == 1 else {})
            for step in ("pick-up", "in-transit"):
                cleo.post(f"/v1/deliveries/{parcel}/{step}")
    assert street.sam.post(f"/v1/deliveries/{parcel}/retry", {}, 409) == ("attempts_exhausted", None)
    cleo.post(f"/v1/deliveries/{parcel}/return")
    order = street.order_of(parcel)
    assert (order["status"], street.ana.get(f"/v1/deliveries/{parcel}")["status"]) == ("CANCELLED", "RETURNED")
    assert cleo.get("/v1/couriers/me")["load"] == 0


def test_a_cancelled_order_takes_its_delivery_out_of_the_couriers_hands(street: Street):
    cleo = street.enrolled(street.cleo)
    parcel = street.packed()
    assert cleo.get("/v1/couriers/me")["load"] == 1
    order = street.sam.get(f"/v1/deliveries/{parcel}")["orderId"]
    street.sam.post(f"/v1/orders/{order}/cancel", {"reason": "other"}, Idempotency_Key=str(uuid4()))
    street.town.settle()
    assert street.ana.get(f"/v1/deliveries/{parcel}")["status"] == "CANCELLED"
    assert cleo.get("/v1/couriers/me")["load"] == 0
    assert cleo.get("/v1/couriers/me/deliveries")["items"] == []
