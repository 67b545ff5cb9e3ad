"""The pages that the server shows to people, as a browser shows them: they load, do their work, and give it nothing to complain about."""

import pytest
from playwright.sync_api import expect

from tests.journeys.live import Live
from tests.journeys.pages.chromium import Chromium
from tests.journeys.pages.visitor import DESK, PHONE, Visitor, fits, visiting
from tests.journeys.town import PASSWORD, Town

ANA = "ana@pages.example"


def test_a_mail_in_the_mailbox_leads_to_a_press_that_confirms_the_address(served: Live, town: Town, visitor: Visitor):
    ana = town.registered(ANA)
    town.settle()
    page = visitor.open(f"{served.url}/dev/mail")
    page.get_by_placeholder("To whom?").fill(ANA)
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Confirm").first.click()
    link = page.frame_locator("iframe").get_by_role("link").filter(has_text="Confirm").first
    with page.expect_popup() as opened:
        link.click()
    confirming = opened.value
    confirming.get_by_role("button", name="Confirm").click()
    expect(confirming.get_by_role("status")).to_have_text("Your address is confirmed.")
    assert ana.get("/v1/me")["status"] == "active"
    assert visitor.complaints == []


def test_a_password_is_chosen_anew_on_the_page_that_a_mail_leads_to(served: Live, town: Town, visitor: Visitor):
    town.registered(ANA)
    town.guest().post("/v1/password-resets", {"email": ANA}, 204)
    page = visitor.open(f"{served.url}/account/reset-password?token={town.mail(ANA, 'reset-password')}")
    page.get_by_label("New password").fill("Norte-sul-99-vento")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("status")).to_contain_text("Your password was changed.")
    town.sign_in(ANA, "Norte-sul-99-vento")
    town.guest().post("/v1/sessions", {"email": ANA, "password": PASSWORD}, 401)
    assert visitor.complaints == []


def test_the_documentation_shows_the_routes_and_finds_those_that_are_asked_for(served: Live, visitor: Visitor):
    page = visitor.open(f"{served.url}/docs")
    routes = page.locator("details[data-words]:visible")
    assert routes.count() > 200
    page.get_by_label("Find a route").fill("post /v1/checkouts/preview")
    expect(routes).to_have_count(1)
    routes.locator("summary").first.click()
    expect(routes).to_contain_text("nothing is written or held")
    assert visitor.complaints == []


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_no_page_is_wider_than_its_window(served: Live, town: Town, browser: Chromium, size: tuple[int, int]):
    town.registered("ana-with-a-very-long-address-that-has-no-room-on-a-telephone@pages-of-the-market.example")
    town.settle()
    letter = town.container.mailbox.newest(1)[0].id
    paths = [
        "/docs",
        "/dev/mail",
        f"/dev/mail/{letter}",
        f"/dev/mail/{letter}/html",
        "/dev/mail/texts",
        "/account/verify-email?token=x",
        "/account/reset-password",
    ]
    with visiting(browser, served.url, size) as visitor:
        assert [path for path in paths if not fits(visitor.open(f"{served.url}{path}"))] == []
        assert visitor.complaints == []
