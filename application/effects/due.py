"""What is due when an event has happened: the table of all families, asked one event at a time."""

from typing import Any

from application.effects import deliveries, groups, integrations, listings, orders, stock, suppliers, users
from application.effects.billing import invoices, payments, subscriptions
from application.effects.effect import Snapshot, Text, by_event, jobs
from application.effects.job import Job
from application.processes.table import REACTIONS
from domain.recorded import Recorded
from domain.registry import DECIDERS

NOTICES = (
    *users.NOTICES,
    *listings.NOTICES,
    *orders.NOTICES,
    *deliveries.NOTICES,
    *stock.NOTICES,
    *subscriptions.NOTICES,
    *invoices.NOTICES,
    *subscriptions.TIER_NOTICES,
    *invoices.REMINDERS,
    *integrations.NOTICES,
)
TEXTS = tuple(Text(each.event, each.letter) for each in (*orders.NOTICES, *deliveries.NOTICES, *stock.NOTICES, *subscriptions.NOTICES))
ERRANDS = (
    *listings.ERRANDS,
    *payments.ERRANDS,
    *deliveries.ERRANDS,
    *subscriptions.ERRANDS,
    *stock.ERRANDS,
    *invoices.ERRANDS,
    *users.ERRANDS,
)
SNAPSHOTS = tuple(
    Snapshot(event, decider.name, decider.snapshot_every) for decider in DECIDERS if decider.snapshot_every for event in decider.events
)
EFFECTS = by_event((*NOTICES, *TEXTS, *ERRANDS, *groups.NOTICES, *suppliers.NOTICES, *REACTIONS, *SNAPSHOTS))

EVENTS = tuple(EFFECTS)
"""The only events that anything is due for."""


def due(recorded: Recorded[Any]) -> list[Job]:
    """The jobs of an event: always the same ones, under the same ids."""
    return jobs(recorded, EFFECTS.get(type(recorded.event), ()))
