"""Joining a group on its page, with nothing but a telephone: a code comes by text, a place is taken and paid."""

import re
from contextlib import closing

from playwright.sync_api import Page, expect

from infrastructure.environ import Flutterwave as Settings
from infrastructure.environ import Secret
from infrastructure.payments.flutterwave.provider import Flutterwave
from interfaces.http.pages.joining import ways_of
from tests.journeys.groups.gatherings import opened
from tests.journeys.live import Live
from tests.journeys.pages.chromium import Chromium
from tests.journeys.pages.visitor import PHONE, Visitor, fits, visiting
from tests.journeys.town import Town

RUDO = "+263771234567"


def let_in(visitor: Visitor, town: Town, url: str) -> Page:
    """From the group's page to where one says how much one wants."""
    page = visitor.open(url)
    page.get_by_role("link", name="Join").click()
    page.get_by_label("Number, with").fill("+263 77 123 4567")
    page.get_by_label("First name").fill("Rudo")
    page.get_by_role("button", name="Text me a code").click()
    expect(page.get_by_label("Six digits")).to_be_visible()
    page.get_by_label("Six digits").fill(code_texted(town))
    assert fits(page)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_label("Pieces")).to_be_visible()
    return page


def code_texted(town: Town) -> str:
    """The newest, among whatever else was texted."""
    town.settle()
    texts = town.container.messaging.textbox.newest(5, to=RUDO)
    return next(code for each in texts for code in re.findall(r"\b[0-9]{6}\b", each.text))


def paying(page: Page, town: Town, way: str) -> None:
    page.get_by_label("How you pay").select_option(label=way)
    with page.expect_response(lambda answer: answer.url.endswith("/contributions")):
        page.get_by_role("button", name="Pay").click()
    town.settle()


def test_who_has_a_telephone_alone_joins_and_pays_on_the_page(served: Live, town: Town, browser: Chromium):
    group = opened(town, town.registered("ana@pages.example"), least=2)
    town.settle()
    with visiting(browser, served.url, PHONE) as visitor:
        page = let_in(visitor, town, f"{served.url}/g/{group}")
        page.get_by_label("Pieces").fill("7")
        page.get_by_role("button", name="Join").click()
        expect(page.get_by_label("How you pay")).to_be_visible()
        assert fits(page)
        paying(page, town, "Sandbox: approved at once")
        expect(page.locator("main")).to_contain_text("Paid.")
        page.get_by_role("link", name="Back to the group").click()
        expect(page.locator("main")).to_contain_text("7 of 10 pieces paid · 1 trader")
        assert visitor.complaints == []
    rudo = town.by_phone(RUDO)
    assert rudo.get("/v1/me")["name"] == "Rudo"
    assert rudo.get(f"/v1/groups/{group}")["membership"]["standing"] == "paid"


def test_who_comes_back_pays_where_his_bank_asks_him_first(served: Live, town: Town, browser: Chromium):
    group = opened(town, town.registered("ana@pages.example"))
    town.settle()
    with visiting(browser, served.url) as visitor:
        page = let_in(visitor, town, f"{served.url}/g/{group}")
        page.get_by_role("button", name="Join").click()
        expect(page.get_by_label("How you pay")).to_be_visible()
        page = let_in(visitor, town, f"{served.url}/g/{group}")
        page.get_by_role("button", name="Join").click()
        expect(page.get_by_label("How you pay")).to_be_visible()
        paying(page, town, "Sandbox: the bank asks first")
        page.get_by_role("button", name="Approve").click()
        page.get_by_role("link", name="Back to the shop").click()
        expect(page.get_by_role("heading")).to_have_text("Thank you")
    town.settle()
    assert town.by_phone(RUDO).get(f"/v1/groups/{group}")["progress"]["paid"] == 1


def test_what_is_offered_leads_to_a_page_of_the_providers_own():
    with closing(Flutterwave(Settings(Secret("key"), Secret("hash"), "http://127.0.0.1:1"))) as provider:
        ways = ways_of({"stripe": provider, "flutterwave": provider})
        assert [[each.words for each in ways(currency)] for currency in ("USD", "ZWL", "EUR", "XXX")] == [
            ["Mobile money", "Card"],
            ["Mobile money", "Card"],
            ["Card"],
            [],
        ]


def test_what_is_wrong_is_said_and_can_be_put_right(served: Live, town: Town, browser: Chromium):
    group = opened(town, town.registered("ana@pages.example"))
    town.settle()
    with visiting(browser, served.url) as visitor:
        page = visitor.open(f"{served.url}/g/{group}/join")
        page.get_by_label("Number, with").fill("077")
        page.get_by_role("button", name="Text me a code").click()
        expect(page.get_by_role("status")).to_contain_text("number")
        page.get_by_label("Number, with").fill(RUDO)
        page.get_by_role("button", name="Text me a code").click()
        page.get_by_label("Six digits").fill("000000")
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_role("status")).to_contain_text("code")
        expect(page.get_by_label("Six digits")).to_be_visible()
