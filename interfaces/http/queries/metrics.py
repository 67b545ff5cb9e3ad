"""What the service counts, for those who watch over it."""

import secrets
from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from litestar import Controller, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from interfaces.http.caller import unauthenticated
from interfaces.http.requests import Given
from interfaces.http.routes import get
from projections.feeds.catalogue import FEEDS
from projections.feeds.consumers import ConsumerGroups
from projections.health import Health
from projections.operations import Operations
from projections.ports import Unavailable
from projections.webhooks.endpoints import WebhookEndpoints

PROMETHEUS = CONTENT_TYPE_LATEST.removesuffix("; charset=utf-8")  # which Litestar adds
SHOWN_OF_A_FEED = 100


class MetricsQueries(Controller):
    tags = ("health",)

    @get("/metrics", sync_to_thread=True, media_type=PROMETHEUS)
    def metrics(
        self,
        request: Request[Any, Any, Any],
        health: Given[Health],
        operations: Given[Operations],
        webhook_endpoints: Given[WebhookEndpoints],
        consumer_groups: Given[ConsumerGroups],
        metrics_token: Given[str],
    ) -> Response[bytes]:
        """Counters of this process, and how read models, effects, webhooks and consumers stand, in the text format of Prometheus."""
        given = request.headers.get("authorization", "")
        if metrics_token and not secrets.compare_digest(given.encode(), f"Bearer {metrics_token}".encode()):
            raise unauthenticated("unauthenticated")
        collectors = (REGISTRY, Lags(health), Tended(operations), Sent(webhook_endpoints), Followed(consumer_groups))
        found = b"".join(map(generate_latest, collectors))
        return Response(found, media_type=PROMETHEUS)


class Lags:
    """Where the log, every read model and the effects stand, whichever process is at them.

    Read when it is asked for; nothing of it while Postgres is away.
    """

    def __init__(self, health: Health) -> None:
        self._health = health

    def collect(self) -> Iterable[Metric]:
        try:
            lags, owed = self._health.lags(), self._health.owed()
        except Unavailable:
            return
        for name, text, value in OF_THE_LOG:
            if lags:
                yield GaugeMetricFamily(f"tradewind_log_{name}", text, value(lags[0]))
        for kind, name, text, value in OF_READ_MODELS:
            family = kind(f"tradewind_read_model_{name}", text, labels=["projection", "version"])
            for lag in lags:
                family.add_metric([lag.projection, str(lag.version)], value(lag))
            yield family
        for name, text in OF_EFFECTS.items():
            yield GaugeMetricFamily(f"tradewind_effects_{name}", text, getattr(owed, name))


class Tended:
    """What operators have asked of the service: what stands still, and what is being built beside the served read models."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations

    def collect(self) -> Iterable[Metric]:
        try:
            models, maintenance = self._operations.read_models(), self._operations.maintenance()
        except Unavailable:
            return
        yield GaugeMetricFamily("tradewind_read_only", "1 while only operators' commands are taken.", maintenance.read_only)
        paused = GaugeMetricFamily("tradewind_read_model_paused", "1 while it is told to stand still.", labels=["projection"])
        for model in models:
            paused.add_metric([model.name], model.paused)
        yield paused
        for name, text, value in OF_BUILDINGS:
            family = GaugeMetricFamily(f"tradewind_building_{name}", text, labels=["projection", "purpose"])
            for model in models:
                if model.building is not None and (found := value(model.building)) is not None:
                    family.add_metric([model.name, model.building.purpose], found)
            yield family


class Sent:
    """How the sending of webhooks stands."""

    def __init__(self, endpoints: WebhookEndpoints) -> None:
        self._endpoints = endpoints

    def collect(self) -> Iterable[Metric]:
        try:
            figures = self._endpoints.figures()
        except Unavailable:
            return
        for name, text, value in OF_WEBHOOKS:
            yield GaugeMetricFamily(f"tradewind_webhooks_{name}", text, value(figures))


class Followed:
    """How far behind consumer groups are, each by its feed and name; of a feed the first so many by name."""

    def __init__(self, groups: ConsumerGroups) -> None:
        self._groups = groups

    def collect(self) -> Iterable[Metric]:
        try:
            found = [each for feed in FEEDS.values() for each in self._groups.all(feed, None, "", SHOWN_OF_A_FEED)]
        except Unavailable:
            return
        for name, text, value in OF_CONSUMERS:
            family = GaugeMetricFamily(f"tradewind_consumer_{name}", text, labels=["feed", "consumer"])
            for each in found:
                family.add_metric([each.feed, each.name], value(each))
            yield family


OF_THE_LOG = (
    ("head", "Last position given out.", attrgetter("head")),
    ("stable_position", "Position up to which readers read: nothing can still commit there.", attrgetter("stable")),
)
OF_READ_MODELS = (
    (GaugeMetricFamily, "position", "Position in the log that the read model has reached.", attrgetter("position")),
    (GaugeMetricFamily, "lag_events", "Positions between the read model and the log.", attrgetter("events")),
    (GaugeMetricFamily, "lag_seconds", "Age of the oldest event that the read model lacks.", attrgetter("seconds")),
    (GaugeMetricFamily, "parked_events", "Events that wait for a person.", attrgetter("parked")),
    (GaugeMetricFamily, "oldest_parked_seconds", "How long the first of the parked events has waited.", attrgetter("oldest_parked")),
    (CounterMetricFamily, "events", "Events taken, those taken again included.", attrgetter("taken")),
)
OF_BUILDINGS = (
    ("position", "Position that a read model built beside the served one has reached.", attrgetter("position")),
    ("goal", "Position that it has to reach.", attrgetter("goal")),
    ("rate", "Events that it has taken in a second.", attrgetter("rate")),
    ("seconds_left", "What is left of it at that rate.", attrgetter("seconds_left")),
)
OF_WEBHOOKS = (
    ("pending", "Deliveries that are due, or wait for another try.", attrgetter("pending")),
    ("failing_endpoints", "Endpoints at which nothing has got through of late.", attrgetter("failing")),
    ("oldest_seconds", "Seconds since which the delivery longest due has waited to be sent.", attrgetter("oldest_seconds")),
)
OF_CONSUMERS = (
    ("lag_events", "Events that the group has still to acknowledge, but for what is parked.", attrgetter("lag_events")),
    ("lag_seconds", "Age of the oldest of these.", attrgetter("lag_seconds")),
    ("parked_events", "Events that the group has given up, which wait for a person.", attrgetter("parked")),
)
OF_EFFECTS = {
    "position": "Position in the log up to which it was read for what it owes.",
    "seconds": "Age of the oldest event that was not read for what it owes.",
    "parked": "Events that could not be reacted to and wait for a person.",
    "waiting": "Jobs that are due or in work.",
    "overdue": "Seconds since which the job longest due has waited for a worker.",
    "dead": "Jobs that were given up and wait for a person.",
}
