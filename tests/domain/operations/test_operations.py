"""What operators may do to the service itself, and that they say why they let something go."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from domain.operations import commands as c
from domain.operations import events as e
from domain.operations.maintenance import services
from domain.operations.owed import jobs, reactions
from domain.operations.projection import projections
from domain.values import Actor, Role, Value
from tests.bdd import Given

ADA = Actor(UUID(int=1), frozenset({Role.ADMIN}))
ANA = Actor(UUID(int=2), frozenset({Role.SELLER, Role.AUDITOR, Role.STAFF}))
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
JOB = UUID(int=7)
PAUSED = e.ProjectionPaused("orders", "it is being looked at", ADA.id, NOON)
RESUMED = e.ProjectionResumed("orders", ADA.id, NOON)
BEGUN = e.MaintenanceBegun("a move", ADA.id, NOON)
ENDED = e.MaintenanceEnded(ADA.id, NOON)


def test_a_read_model_is_paused_and_resumed_in_turn():
    pause, resume = c.PauseProjection("orders", " it is being looked at ", ADA, NOON), c.ResumeProjection("orders", ADA, NOON)
    Given(projections).when(pause).then(PAUSED)
    Given(projections, PAUSED).when(pause).rejected("already_paused")
    Given(projections, PAUSED).when(resume).then(RESUMED)
    Given(projections).when(resume).rejected("not_paused")
    Given(projections, PAUSED, RESUMED).when(resume).rejected("not_paused")


def test_an_operator_is_shown_what_a_read_model_can_be_told():
    Given(projections).offers(ADA, "pause", "rebuild", "check")
    Given(projections, PAUSED).offers(ADA, "resume", "rebuild", "check")
    Given(projections).offers(ANA)


@pytest.mark.parametrize(
    ("command", "event"),
    [
        (c.RequestRebuild("orders", 2, ADA, NOON), e.RebuildRequested("orders", 2, ADA.id, NOON)),
        (c.RequestCheck("orders", 2, ADA, NOON), e.CheckRequested("orders", 2, ADA.id, NOON)),
        (c.CancelRebuild("orders", ADA, NOON), e.RebuildCancelled("orders", ADA.id, NOON)),
        (c.DropOldGeneration("orders", ADA, NOON), e.OldGenerationDropped("orders", ADA.id, NOON)),
        (c.RetryParkedEvent("orders", 9, ADA, NOON), e.ParkedEventRetried("orders", 9, ADA.id, NOON)),
        (c.SkipParkedEvent("orders", 9, "a test", ADA, NOON), e.ParkedEventSkipped("orders", 9, "a test", ADA.id, NOON)),
    ],
)
def test_what_is_done_about_a_read_model_is_recorded_each_time(command: c.ProjectionCommand, event: e.ProjectionEvent):
    Given(projections).when(command).then(event)
    Given(projections, PAUSED, event).when(command).then(event)


def test_what_is_done_about_parked_reactions_and_dead_jobs_is_recorded():
    Given(reactions).when(c.RetryReaction(9, ADA, NOON)).then(e.ReactionRetried(9, ADA.id, NOON))
    Given(reactions).when(c.SkipReaction(9, "a test", ADA, NOON)).then(e.ReactionSkipped(9, "a test", ADA.id, NOON))
    Given(jobs).when(c.RetryJob(JOB, ADA, NOON)).then(e.JobRetried(JOB, ADA.id, NOON))
    Given(jobs).when(c.DiscardJob(JOB, "a test", ADA, NOON)).then(e.JobDiscarded(JOB, "a test", ADA.id, NOON))


def test_maintenance_begins_and_ends_in_turn():
    begin, end = c.BeginMaintenance("a move", ADA, NOON), c.EndMaintenance(ADA, NOON)
    Given(services).when(begin).then(BEGUN)
    Given(services, BEGUN).when(begin).rejected("already_read_only")
    Given(services, BEGUN).when(end).then(ENDED)
    Given(services).when(end).rejected("not_read_only")
    Given(services, BEGUN).offers(ADA, "end")
    Given(services, BEGUN, ENDED).offers(ADA, "begin")
    Given(services).offers(ANA)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501, "a\x00b"])
def test_whoever_lets_something_go_says_why(reason: str):
    Given(projections).when(c.SkipParkedEvent("orders", 9, reason, ADA, NOON)).rejected("text_invalid", pointer="/reason")
    Given(projections).when(c.PauseProjection("orders", reason, ADA, NOON)).rejected("text_invalid", pointer="/reason")
    Given(reactions).when(c.SkipReaction(9, reason, ADA, NOON)).rejected("text_invalid", pointer="/reason")
    Given(jobs).when(c.DiscardJob(JOB, reason, ADA, NOON)).rejected("text_invalid", pointer="/reason")
    Given(services).when(c.BeginMaintenance(reason, ADA, NOON)).rejected("text_invalid", pointer="/reason")


@pytest.mark.parametrize(
    ("decider", "command"),
    [
        (projections, c.RequestRebuild("orders", 2, ANA, NOON)),
        (projections, c.SkipParkedEvent("orders", 9, "a test", ANA, NOON)),
        (reactions, c.RetryReaction(9, ANA, NOON)),
        (jobs, c.DiscardJob(JOB, "a test", ANA, NOON)),
        (services, c.BeginMaintenance("a move", ANA, NOON)),
    ],
)
def test_nobody_but_an_admin_is_an_operator(decider: object, command: Value):
    Given(decider).when(command).rejected("not_yours")  # pyright: ignore[reportArgumentType] - one of several
