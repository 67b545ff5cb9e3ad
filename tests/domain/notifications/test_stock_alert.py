"""People who wait for a product to come back."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.listings.events import Status
from domain.notifications.commands import AskStockAlert, RaiseStockAlert, WithdrawStockAlert
from domain.notifications.events import StockAlertAsked, StockAlertRaised, StockAlertWithdrawn
from domain.notifications.stock_alert import stock_alert_id, stock_alerts
from tests.bdd import Given

ANA, BEN, MILK, BREAD = (UUID(int=number) for number in range(1, 5))
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)

ask = AskStockAlert(ANA, MILK, BEN, ("MILK-1",), Status.PUBLISHED, NOON)
asked = StockAlertAsked(ANA, MILK, BEN, ("MILK-1",), NOON)
raised = StockAlertRaised(ANA, MILK, "MILK-1", NOON)
withdrawn = StockAlertWithdrawn(ANA, MILK, NOON)


def test_who_asks_is_told_once_and_may_ask_again():
    tell = RaiseStockAlert(ANA, MILK, "MILK-1", NOON)
    Given(stock_alerts).when(ask).then(asked)
    Given(stock_alerts, asked).when(ask).then()
    Given(stock_alerts, asked).when(tell).then(raised)
    Given(stock_alerts, asked, raised).when(tell).then()
    Given(stock_alerts, asked, raised).when(ask).then(asked)


def test_a_product_that_got_other_variants_meanwhile_is_waited_for_by_these():
    both = replace(ask, skus=("MILK-1", "MILK-2"))
    Given(stock_alerts, asked).when(both).then(replace(asked, skus=("MILK-1", "MILK-2")))


def test_who_no_longer_waits_is_not_told():
    away = WithdrawStockAlert(ANA, MILK, NOON)
    Given(stock_alerts, asked).when(away).then(withdrawn)
    Given(stock_alerts, asked, withdrawn).when(RaiseStockAlert(ANA, MILK, "MILK-1", NOON)).then()
    Given(stock_alerts).when(away).then()


@pytest.mark.parametrize("status", [None, Status.DRAFT, Status.ARCHIVED])
def test_what_is_not_offered_is_not_waited_for(status: Status | None):
    Given(stock_alerts).when(replace(ask, status=status)).rejected("listing_not_found")


def test_only_products_have_stock():
    Given(stock_alerts).when(replace(ask, skus=())).rejected("not_for_kind")


def test_each_person_has_a_stream_for_each_listing():
    assert len({stock_alert_id(who, what) for who in (ANA, BEN) for what in (MILK, BREAD)}) == 4
