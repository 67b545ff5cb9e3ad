"""Health and metrics for operators."""

from typing import Any

import pytest
from litestar.testing import TestClient

from projections.health import Component, Status
from tests.interfaces.http.conftest import FakeHealth

Client = TestClient[Any]


def test_a_process_that_answers_lives(client: Client, health: FakeHealth):
    health.found = []
    assert client.get("/health/live").json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("postgres", "redis", "status", "overall"),
    [
        ("ok", "ok", 200, "ok"),
        ("ok", "down", 200, "degraded"),
        ("ok", "degraded", 200, "degraded"),
        ("degraded", "ok", 200, "degraded"),
        ("down", "ok", 503, "down"),
    ],
)
def test_it_is_ready_while_commands_can_be_taken(
    client: Client, health: FakeHealth, postgres: Status, redis: Status, status: int, overall: str
):
    health.found = [Component("postgres", postgres, "", 1), Component("redis", redis, "", 1)]
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["status"]) == (status, overall)
    assert [each["name"] for each in answer.json()["components"]] == ["postgres", "redis"]


def test_metrics_count_requests_by_route_and_show_the_lag_of_read_models(client: Client):
    client.get("/v1/feeds")
    answer = client.get("/metrics", headers={"Authorization": "Bearer let-me-see"})
    assert answer.headers["Content-Type"].count("charset") == 1
    text = answer.text
    assert 'tradewind_http_requests_total{method="GET",route="/v1/feeds",status="401"}' in text
    assert 'tradewind_read_model_lag_seconds{projection="listing_page",version="1"} 2.5' in text
    assert 'tradewind_read_model_parked_events{projection="listing_page",version="1"} 1.0' in text
    assert 'tradewind_read_model_oldest_parked_seconds{projection="listing_page",version="1"} 60.5' in text
    assert 'tradewind_read_model_events_total{projection="listing_page",version="1"} 88.0' in text
    assert "tradewind_effects_position 90.0" in text
    assert "tradewind_effects_overdue 40.5" in text
    assert "tradewind_effects_dead 3.0" in text
    assert "tradewind_log_head 102.0" in text
    assert "tradewind_log_stable_position 100.0" in text


def test_metrics_need_their_token(client: Client):
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer guessed"}).status_code == 401


def test_metrics_are_there_while_postgres_is_away(client: Client, health: FakeHealth):
    health.behind = None
    answer = client.get("/metrics", headers={"Authorization": "Bearer let-me-see"})
    assert answer.status_code == 200
    assert "tradewind_http_requests_total" in answer.text
    assert "read_model_lag" not in answer.text
