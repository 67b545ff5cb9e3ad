"""A group's page in a browser: who has it open sees it fill."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from domain.groups.commands import CloseGathering
from tests.journeys.groups.gatherings import give, opened, paid
from tests.journeys.live import Live
from tests.journeys.pages.chromium import Chromium
from tests.journeys.pages.visitor import PHONE, Visitor, fits, visiting
from tests.journeys.town import Town


def following(visitor: Visitor, url: str) -> Page:
    """The page, once the server has told it how things stand: from then on it is told of every change."""
    page = visitor.blank()
    with page.expect_response(lambda answer: answer.url.endswith("/live")):
        page.goto(url)
    return page


def filled(page: Page) -> float:
    """What share of the bar is coloured, asked in one go: the page may renew its middle between two questions."""
    return float(
        page.evaluate(
            "(() => { const bar = document.querySelector('.bar'); return bar.firstElementChild.offsetWidth / bar.offsetWidth; })()"
        )
    )


def test_an_open_page_fills_as_others_join_and_says_when_it_is_over(served: Live, town: Town, browser: Chromium):
    ana, ben, cleo = (town.registered(f"{name}@pages.example") for name in ("ana", "ben", "cleo"))
    group = opened(town, ana, title="Maize <b>meal</b>, 10 kg, of " + "Mbareunbreakable" * 6)
    town.runner.catch_up()
    with visiting(browser, served.url, PHONE) as visitor:
        page = following(visitor, f"{served.url}/g/{group}")
        bar, words = page.get_by_role("img"), page.locator("main")
        expect(bar).to_have_attribute("aria-label", "0 percent of the minimum is paid")
        assert fits(page)

        page.keyboard.press("Tab")
        paid(ben, group, 7)
        town.runner.catch_up()
        expect(words).to_contain_text("7 of 10 pieces paid · 1 trader")
        expect(page.get_by_role("link", name="Join")).to_be_focused()
        expect(bar).to_have_attribute("aria-label", "70 percent of the minimum is paid")
        assert filled(page) > 0.69

        paid(cleo, group, 5)
        town.runner.catch_up()
        expect(words).to_contain_text("Minimum reached, still open to join")
        expect(words).to_contain_text("<b>meal</b>")
        assert fits(page)

        give(town, group, CloseGathering(group, town.clock() + timedelta(days=4)))
        town.runner.catch_up()
        expect(words).to_contain_text("Bought together")
        assert visitor.complaints == []


def test_the_page_is_whole_for_whoever_runs_no_scripts(served: Live, town: Town, browser: Chromium):
    ana, ben = (town.registered(f"{name}@pages.example") for name in ("ana", "ben"))
    group = opened(town, ana)
    paid(ben, group, 7)
    town.runner.catch_up()
    with visiting(browser, served.url, PHONE, scripts=False) as visitor:
        page = visitor.open(f"{served.url}/g/{group}")
        expect(page.locator("main")).to_contain_text("7 of 10 pieces paid · 1 trader")
        expect(page.get_by_role("row", name="from 20 pieces")).to_contain_text("USD 8.00")
