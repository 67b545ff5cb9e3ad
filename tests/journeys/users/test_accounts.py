"""M1: people register, prove their address, come and go; admins look after them; services are let in by keys."""

from time import monotonic
from uuid import uuid4

from tests.journeys.town import PASSWORD, Town

ANA, SOUSA = "ana@example.org", "ana@sousa.example"
OTHER_PASSWORD = "Mare-alta-9-metros"
OWN_ACTIONS = ["edit-profile", "set-preferences", "change-password", "change-email", "add-phone", "erase"]


def test_someone_registers_and_proves_the_address_by_the_mailed_link(town: Town):
    ana = town.registered(ANA)
    me = ana.get("/v1/me")
    assert (me["status"], me["verified"], me["roles"], me["email"]) == ("registered", False, ["customer"], ANA)
    assert me["actions"] == OWN_ACTIONS
    token = town.mail(ANA, "verify-email")
    town.guest().post("/v1/email-verifications/redeem", {"token": token})
    assert ana.get("/v1/me")["status"] == "active"
    assert town.guest().post("/v1/email-verifications/redeem", {"token": token}, 409) == ("code_used", None)
    assert town.guest().post("/v1/email-verifications/redeem", {"token": token + "x"}, 422) == ("code_invalid", "/token")


def test_registering_tells_what_is_wrong_with_each_field(town: Town):
    ana = {"email": ANA, "name": "Ana Sousa", "password": PASSWORD}
    guest = town.guest()
    assert guest.post("/v1/users", {**ana, "email": "no address"}, 422) == ("email_invalid", "/email")
    assert guest.post("/v1/users", {**ana, "name": "\u202e"}, 422) == ("name_invalid", "/name")
    assert guest.post("/v1/users", {**ana, "password": "Ana-Sousa-1"}, 422) == ("password_weak", "/password")
    assert guest.post("/v1/users", {**ana, "password": "short"}, 400) == ("invalid_body", "/password")
    assert guest.post("/v1/users", {**ana, "admin": True}, 400) == ("invalid_body", "/admin")
    guest.post("/v1/users", ana, 201)
    assert guest.post("/v1/users", {**ana, "email": "ANA@example.org"}, 409) == ("email_taken", None)


def test_registering_again_under_the_same_key_gives_the_first_answer(town: Town):
    key, ana = str(uuid4()), {"email": ANA, "name": "Ana Sousa", "password": PASSWORD}
    first = town.guest().ask("POST", "/v1/users", ana, Idempotency_Key=key)
    again = town.guest().ask("POST", "/v1/users", ana, Idempotency_Key=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["Location"] == f"/v1/users/{first.json()['id']}"
    other = {**ana, "name": "Ana Maria"}
    assert town.guest().post("/v1/users", other, 422, Idempotency_Key=key) == ("idempotency_key_reused", None)


def test_an_unknown_address_and_a_wrong_password_get_the_same_answer(town: Town):
    town.registered(ANA)
    wrong = town.guest().ask("POST", "/v1/sessions", {"email": ANA, "password": "wrong"})
    unknown = town.guest().ask("POST", "/v1/sessions", {"email": "ben@example.org", "password": "wrong"})
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert wrong.headers["WWW-Authenticate"] == unknown.headers["WWW-Authenticate"] == 'Bearer realm="tradewind"'
    assert {**wrong.json(), "correlationId": ""} == {**unknown.json(), "correlationId": ""}


def test_asking_for_links_answers_alike_and_takes_equally_long(town: Town):
    town.registered(ANA)
    for path in ("/v1/email-verifications", "/v1/password-resets"):
        for email in (ANA, "nobody@example.org"):
            started = monotonic()
            town.guest().post(path, {"email": email}, 204)
            assert monotonic() - started >= 0.25


def test_a_forgotten_password_is_reset_by_mail(town: Town):
    ana = town.registered(ANA)
    town.guest().post("/v1/password-resets", {"email": ANA}, 204)
    token = town.mail(ANA, "reset-password")
    town.guest().post("/v1/password-resets/redeem", {"token": token, "password": OTHER_PASSWORD})
    assert ana.get("/v1/me", 401) == ("token_invalid", None)
    assert town.sign_in(ANA, OTHER_PASSWORD).get("/v1/me")["status"] == "active"


def test_tokens_are_refreshed_and_sessions_listed_and_ended(town: Town):
    laptop = town.registered(ANA)
    phone = town.sign_in(ANA)
    renewed = town.guest().post("/v1/sessions/refresh", {"refreshToken": laptop.tokens["refreshToken"]})
    assert renewed["sessionId"] == laptop.tokens["sessionId"]
    seen = laptop.get("/v1/me/sessions")["items"]
    assert [(each["id"], each["current"]) for each in seen] == [
        (phone.tokens["sessionId"], False),
        (laptop.tokens["sessionId"], True),
    ]
    laptop.delete(f"/v1/sessions/{phone.tokens['sessionId']}")
    assert phone.get("/v1/me", 401) == ("token_invalid", None)
    laptop.delete("/v1/sessions/current")
    assert town.guest().post("/v1/sessions/refresh", {"refreshToken": renewed["refreshToken"]}, 401) == ("refresh_token_invalid", None)


def test_sessions_of_others_are_left_alone(town: Town):
    ana, ben = town.registered(ANA), town.registered("ben@example.org", "Ben")
    assert ben.delete(f"/v1/sessions/{ana.tokens['sessionId']}", 403) == ("not_yours", None)
    assert ben.delete("/v1/sessions/nonsense", 404) == ("session_not_found", None)
    assert ben.delete(f"/v1/sessions/{uuid4()}", 404) == ("session_not_found", None)


def test_a_profile_is_edited_in_parts(town: Town):
    ana = town.registered(ANA)
    home = {"name": "Ana", "lines": ["Rua do Cais 7"], "locality": "Porto", "postalCode": "4050-017", "country": "PT"}
    ana.patch("/v1/me/profile", {"phone": "+351 22 340 10 00"})
    done = ana.patch("/v1/me/profile", {"addresses": [home]})
    me = ana.get("/v1/me")
    assert (me["phone"], me["name"]) == ("+351223401000", "Ana Sousa")
    assert {name: me["addresses"][0][name] for name in home} == home
    assert ana.ask("GET", "/v1/me").headers["ETag"] == f'"{done["version"]}"'
    assert ana.patch("/v1/me/profile", {"phone": "12"}, 422) == ("phone_invalid", "/phone")
    stale = ana.ask("PATCH", "/v1/me/profile", {"name": "Ana Maria"}, If_Match='"1"')
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")


def test_preferences_are_set(town: Town):
    ana = town.registered(ANA)
    ana.put("/v1/me/preferences", {"language": "pt", "currency": "EUR", "notices": {"inquiries": []}})
    assert ana.get("/v1/me")["preferences"] == {
        "language": "pt",
        "currency": "EUR",
        "units": "metric",
        "marketing": False,
        "notices": {"inquiries": []},
    }
    assert ana.put("/v1/me/preferences", {"language": "tlh"}, 400) == ("invalid_body", "/language")


def test_a_password_is_changed_by_the_present_one(town: Town):
    ana, phone = town.registered(ANA), town.sign_in(ANA)
    change = {"currentPassword": PASSWORD, "newPassword": OTHER_PASSWORD}
    assert ana.post("/v1/me/password", {**change, "currentPassword": "wrong"}, 403) == ("wrong_password", None)
    key = str(uuid4())
    first = ana.post("/v1/me/password", change, Idempotency_Key=key)
    assert ana.post("/v1/me/password", change, Idempotency_Key=key) == first
    assert ana.get("/v1/me")["id"] == ana.id
    assert phone.get("/v1/me", 401) == ("token_invalid", None)


def test_an_address_is_changed_once_the_new_one_is_proven(town: Town):
    ana = town.registered(ANA)
    town.guest().post("/v1/email-verifications/redeem", {"token": town.mail(ANA, "verify-email")})
    ana.post("/v1/me/email", {"email": SOUSA, "password": PASSWORD})
    me = ana.get("/v1/me")
    assert (me["email"], me["pendingEmail"]) == (ANA, SOUSA)
    town.guest().post("/v1/email-verifications/redeem", {"token": town.mail(SOUSA, "confirm-email")})
    me = ana.get("/v1/me")
    assert (me["email"], me["pendingEmail"]) == (SOUSA, None)
    assert town.sign_in(SOUSA).id == ana.id


def test_admins_grant_roles_suspend_and_reinstate(town: Town):
    ana, ada = town.registered(ANA), town.admin()
    assert ana.post(f"/v1/users/{ana.id}/roles", {"role": "admin"}, 403) == ("role_missing", None)
    ada.post(f"/v1/users/{ana.id}/roles", {"role": "seller"})
    assert ana.get("/v1/me")["roles"] == ["customer", "seller"]
    ada.delete(f"/v1/users/{ana.id}/roles/seller")
    assert ana.get("/v1/me")["roles"] == ["customer"]
    ada.post(f"/v1/users/{ana.id}/suspend", {"reason": "Sold a boat that was not hers."})
    assert ana.get("/v1/me", 401) == ("token_invalid", None)
    assert town.guest().post("/v1/sessions", {"email": ANA, "password": PASSWORD}, 403) == ("suspended", None)
    seen = ada.get(f"/v1/users/{ana.id}")
    assert (seen["status"], seen["suspension"]) == ("suspended", "Sold a boat that was not hers.")
    assert seen["actions"] == ["grant-role", "revoke-role", "reinstate", "erase"]
    assert ada.post(f"/v1/users/{ana.id}/suspend", {"reason": "Again"}, 409) == ("already_suspended", None)
    ada.post(f"/v1/users/{ana.id}/reinstate")
    assert town.sign_in(ANA).id == ana.id


def test_no_admin_takes_his_own_power_away(town: Town):
    ada = town.admin()
    assert ada.post(f"/v1/users/{ada.id}/suspend", {"reason": "Enough"}, 409) == ("own_account", None)
    assert ada.delete(f"/v1/users/{ada.id}/roles/admin", 409) == ("own_admin_role", None)
    assert ada.delete(f"/v1/users/{ada.id}/roles/king", 400)[0] == "invalid_parameter"


def test_everyone_sees_himself_and_admins_see_all(town: Town):
    ana, ben, ada = town.registered(ANA), town.registered("ben@example.org", "Ben"), town.admin()
    assert ana.get(f"/v1/users/{ana.id}")["name"] == "Ana Sousa"
    assert ana.get(f"/v1/users/{ben.id}", 404) == ("user_not_found", None)
    assert ana.get("/v1/users", 403) == ("role_missing", None)
    assert [each["name"] for each in ada.get("/v1/users")["items"]] == ["Ben", "Ana Sousa", "Admin"]
    assert [each["name"] for each in ada.get("/v1/users?role=admin")["items"]] == ["Admin"]


def test_a_service_is_let_in_by_its_key_within_its_scopes(town: Town):
    ada = town.admin()
    service = ada.post("/v1/service-accounts", {"name": "Price feeder"}, 201)["id"]
    made = ada.post("/v1/api-keys", {"userId": service, "name": "nightly", "scopes": ["feeds:read"]}, 201)
    feeder = town.guest()
    feeder.tokens = {"accessToken": made["key"]}
    assert feeder.get("/v1/feeds")["items"]
    assert feeder.get("/v1/me", 403) == ("scope_missing", None)
    shown = ada.get("/v1/api-keys")["items"]
    assert [(each["id"], each["name"], each["scopes"]) for each in shown] == [(made["id"], "nightly", ["feeds:read"])]
    assert made["key"] not in str(shown)
    ada.delete(f"/v1/api-keys/{made['id']}")
    assert feeder.get("/v1/feeds", 401) == ("token_invalid", None)
    person = {"userId": ada.id, "name": "own", "scopes": ["feeds:read"]}
    assert ada.post("/v1/api-keys", person, 409) == ("not_a_service", None)


def test_what_is_held_about_somebody_is_given_out_whole_or_not_at_all(database: str):
    town = Town(database)
    try:  # nothing is projected, so that there are no read models yet
        ana = town.registered(ANA)
        answer = town.http.get("/v1/me/export", headers={"Authorization": f"Bearer {ana.tokens['accessToken']}"})
        assert (answer.status_code, answer.json()["code"]) == (503, "postgres_unavailable")
    finally:
        town.close()
