"""Traders without mail sign in with their telephone number and a code texted to it."""

import itertools
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from tests.journeys.town import PASSWORD, Person, Town

RUDO = "+263771234567"
WRITTEN = "+263 77 123 4567"
OTHER = "+263772345678"
MAIL = "rudo@example.org"


def code_for(town: Town, phone: str = RUDO) -> str:
    town.guest().post("/v1/phone-codes", {"phone": phone}, 204)
    return re.findall(r"\b[0-9]{6}\b", town.texted(phone))[0]


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_somebody_new_is_registered_by_number_and_code(town: Town):
    code = code_for(town)
    rudo = Person(town, town.guest().post("/v1/sessions/phone", {"phone": WRITTEN, "code": code, "name": "Rudo"}, 201))
    me = rudo.get("/v1/me")
    assert (me["name"], me["phone"], me["email"], me["status"], me["roles"]) == ("Rudo", RUDO, "", "active", ["customer"])


def test_the_same_number_signs_in_the_same_person(town: Town):
    assert town.by_phone(RUDO, "Rudo").id == town.by_phone(RUDO).id
    assert town.by_phone(OTHER).get("/v1/me")["name"] == "Trader 5678"


def test_a_code_is_good_once(town: Town):
    code = code_for(town)
    shown = {"phone": RUDO, "code": code}
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: town.guest().ask("POST", "/v1/sessions/phone", shown), range(4)))
    assert sorted(each.status_code for each in answers) == [201, 422, 422, 422]
    assert town.guest().post("/v1/sessions/phone", shown, 422) == ("code_invalid", "/code")


def test_wrong_codes_are_counted_and_the_sixth_try_fails_even_with_the_right_one(town: Town):
    code = code_for(town)
    for _ in range(5):
        assert town.guest().post("/v1/sessions/phone", {"phone": RUDO, "code": other_than(code)}, 422) == ("code_invalid", "/code")
    assert town.guest().post("/v1/sessions/phone", {"phone": RUDO, "code": code}, 422) == ("code_invalid", "/code")
    assert town.by_phone(RUDO).id


def test_a_code_is_too_old_after_ten_minutes_and_a_newer_one_replaces_it(town: Town):
    first = code_for(town)
    second = code_for(town)
    assert first != second
    assert town.guest().post("/v1/sessions/phone", {"phone": RUDO, "code": first}, 422) == ("code_invalid", "/code")
    town.clock.ahead += timedelta(minutes=10)
    assert town.guest().post("/v1/sessions/phone", {"phone": RUDO, "code": second}, 422) == ("code_invalid", "/code")


def test_a_code_is_for_its_number_only_and_numbers_are_checked(town: Town):
    code = code_for(town)
    guest = town.guest()
    assert guest.post("/v1/sessions/phone", {"phone": OTHER, "code": code}, 422) == ("code_invalid", "/code")
    assert guest.post("/v1/phone-codes", {"phone": "077"}, 422) == ("phone_invalid", "/phone")
    assert guest.post("/v1/phone-codes", {"phone": " "}, 422) == ("phone_invalid", "/phone")
    assert guest.post("/v1/sessions/phone", {"phone": RUDO, "code": "12345"}, 400) == ("invalid_body", "/code")
    assert guest.post("/v1/sessions/phone", {"phone": RUDO, "code": code, "name": "\u202e"}, 422) == ("name_invalid", "/name")


def test_a_text_that_could_not_go_out_in_time_is_not_sent(town: Town):
    town.guest().post("/v1/phone-codes", {"phone": RUDO}, 204)
    town.clock.ahead += timedelta(minutes=11)
    town.settle()
    assert town.container.messaging.textbox.newest(1, to=RUDO) == []


def test_the_number_that_signs_in_stays_and_the_rest_of_the_profile_may_change(town: Town):
    rudo = town.by_phone(RUDO, "Rudo")
    rudo.patch("/v1/me/profile", {"name": "Rudo Moyo", "phone": WRITTEN})
    assert rudo.get("/v1/me")["name"] == "Rudo Moyo"
    assert rudo.patch("/v1/me/profile", {"phone": OTHER}, 422) == ("phone_signs_in", "/phone")


def test_who_signs_in_by_telephone_adds_an_address_and_a_password(town: Town):
    rudo = town.by_phone(RUDO, "Rudo")
    assert {"change-email", "add-phone"} <= set(rudo.get("/v1/me")["actions"])
    asked = {"email": MAIL}
    assert rudo.post("/v1/me/email", asked, 403) == ("wrong_password", None)
    code = code_for(town)
    assert rudo.post("/v1/me/email", {**asked, "code": other_than(code)}, 422) == ("code_invalid", "/code")
    done = rudo.post("/v1/me/email", {**asked, "code": code}, Idempotency_Key="once")
    assert rudo.post("/v1/me/email", {**asked, "code": code}, Idempotency_Key="once") == done
    assert rudo.post("/v1/me/email", {**asked, "code": code}, 422) == ("code_invalid", "/code")
    assert rudo.get("/v1/me")["email"] == ""
    town.guest().post("/v1/email-verifications/redeem", {"token": town.mail(MAIL, "confirm-email")})
    me = rudo.get("/v1/me")
    assert (me["email"], me["pendingEmail"], me["phone"], me["phoneSignsIn"]) == (MAIL, None, RUDO, True)
    assert town.guest().post("/v1/sessions", {"email": MAIL, "password": PASSWORD}, 401) == ("wrong_credentials", None)
    town.guest().post("/v1/password-resets", {"email": MAIL}, 204)
    town.guest().post("/v1/password-resets/redeem", {"token": town.mail(MAIL, "reset-password"), "password": PASSWORD})
    assert town.sign_in(MAIL).id == town.by_phone(RUDO).id == rudo.id


def test_who_has_mail_adds_a_number_and_signs_in_with_it(town: Town):
    ana = town.registered(MAIL)
    proof = {"phone": WRITTEN, "code": code_for(town), "password": PASSWORD}
    assert ana.post("/v1/me/phone", {**proof, "password": "another"}, 403) == ("wrong_password", None)
    assert ana.post("/v1/me/phone", {**proof, "code": other_than(proof["code"])}, 422) == ("code_invalid", "/code")
    done = ana.post("/v1/me/phone", proof, Idempotency_Key="once")
    assert ana.post("/v1/me/phone", proof, Idempotency_Key="once") == done
    me = ana.get("/v1/me")
    assert (me["phone"], me["phoneSignsIn"], town.by_phone(RUDO).id) == (RUDO, True, ana.id)
    assert ana.patch("/v1/me/profile", {"phone": ""}, 422) == ("phone_signs_in", "/phone")
    ana.post("/v1/me/phone", {"phone": OTHER, "code": code_for(town, OTHER), "password": PASSWORD})
    assert town.by_phone(OTHER).id == ana.id
    assert town.by_phone(RUDO).id != ana.id, "the former number is free for others"


def test_nobody_takes_a_number_or_an_address_that_is_another_s(town: Town):
    ana, rudo = town.registered(MAIL), town.by_phone(RUDO, "Rudo")
    assert ana.post("/v1/me/phone", {"phone": RUDO, "code": code_for(town), "password": PASSWORD}, 409) == ("phone_taken", None)
    assert rudo.post("/v1/me/email", {"email": MAIL, "code": code_for(town)}, 409) == ("email_taken", None)
    assert rudo.post("/v1/me/phone", {"phone": OTHER, "code": code_for(town, OTHER), "password": "x"}, 403) == ("wrong_password", None)
    assert (town.by_phone(RUDO).id, town.sign_in(MAIL).id) == (rudo.id, ana.id)


def test_who_is_suspended_is_not_let_in(town: Town):
    rudo = town.by_phone(RUDO, "Rudo")
    town.admin().post(f"/v1/users/{rudo.id}/suspend", {"reason": "Sold what was not hers."})
    shown = {"phone": RUDO, "code": code_for(town)}
    assert town.guest().post("/v1/sessions/phone", shown, 403) == ("suspended", None)
    assert rudo.get("/v1/me", 401) == ("token_invalid", None)


def test_a_number_that_waits_for_its_code_is_in_no_dump_of_the_database(town: Town):
    for _ in range(2):
        town.guest().post("/v1/phone-codes", {"phone": RUDO}, 204)
    with town.container.pool.connection() as connection:
        rows = connection.execute("SELECT row_to_json(p)::text, sealed FROM phone_codes p").fetchall()
        owed = "".join(text for (text,) in connection.execute("SELECT row_to_json(j)::text FROM jobs j").fetchall())
    assert len(rows) == 1
    for (shown, sealed), part in itertools.product(rows, (RUDO, RUDO[1:], RUDO[-9:])):
        assert part not in shown
        assert part not in owed
        assert part.encode() not in sealed
        assert part.encode().hex() not in shown
    assert len(town.texted(RUDO)) > len(RUDO)


def test_neither_code_nor_number_stands_on_the_log_in_clear(town: Town):
    town.by_phone(RUDO, "Rudo")
    code = town.texted(RUDO)[11:17]
    with town.container.pool.connection() as connection:
        stored = "".join(data.decode() for (data,) in connection.execute("SELECT data FROM events").fetchall())
    assert "RegisteredByPhone" in str(town.container.log.read(0, 1000).events)
    assert RUDO[1:] not in stored
    assert code not in stored
