"""The role `project`: follows the log and keeps the read models; shows how they stand, has them built anew, or compared with the log."""

import sys
from typing import Annotated

from cyclopts import App, Parameter

from application.ports import Meta
from domain.operations.commands import RequestCheck, RequestRebuild
from domain.values import Actor
from infrastructure.container import Container
from infrastructure.eventlog.wake import Waker
from interfaces.cli.following import followed
from interfaces.cli.operator import As, operating
from interfaces.cli.running import FOLLOWING, reaching, running
from projections.operations import Building, ReadModel

app = App(name="project", help="Follow the event log and keep the read models.")

Waiting = Annotated[bool, Parameter(name="--wait", help="Show how far it is until it has ended, or only ask for it.")]


@app.default
def project() -> None:
    """Keep the read models up with the log, until told to stop; many may run, one of them works on each read model."""
    with running(FOLLOWING) as (container, stop), Waker(container.settings.database_url) as waker:
        container.runner.run(stop, waker.wait)


@app.command(name="list")
def listed() -> None:
    """List the read models: how far each is, what is parked, and what is being built."""
    with reaching() as settings, Container(settings) as container:
        found = container.operations.read_models()
    width = max((len(each.name) for each in found), default=0)
    for each in found:
        print(f"{each.name:{width}}  {said(each)}")


@app.command
def rebuild(name: str, *, wait: Waiting = True, operator: As = "") -> None:
    """Have a read model made from zero beside the served one, which it then replaces; a running `project` does it."""
    with operating(operator) as (container, by, meta):
        container.tend.build(RequestRebuild, name, by, container.clock(), meta)
        ended = followed(container.operations, name) if wait else None
    if ended is not None and ended.state not in ("switched", "done"):
        sys.exit(f"{name}: {ended.state}: {ended.error or 'called off'}")
    print(f"{name}: generation {ended.generation} is served" if ended else f"{name}: asked for")


@app.command
def check(*names: str, operator: As = "") -> None:
    """Compare read models (none named: all) with what the log says, by ones made from zero; ends with 1 where any differs."""
    with operating(operator) as (container, by, meta):
        wanted = names or tuple(each.name for each in container.operations.read_models())
        wrong = [name for name in wanted if not checked(container, name, by, meta)]
    if wrong:
        sys.exit(f"Not what the log says: {', '.join(wrong)}")


def checked(container: Container, name: str, by: Actor, first: Meta) -> bool:
    id = container.ids()
    container.tend.build(RequestCheck, name, by, container.clock(), Meta(id, first.actor, id))
    ended = followed(container.operations, name)
    if ended.state != "done":
        print(f"{name}: {ended.state}: {ended.error or 'called off'}")
        return False
    rows = ended.report["rows"]
    print(f"{name}: {rows} rows up to position {ended.position}, {ended.differences or 'no'} differences")
    for each in ended.report["first"]:
        print(f"  {each['where']} {each['key']}: {each['kind']} {', '.join(each['fields'])}".rstrip())
    return ended.differences == 0


def said(model: ReadModel) -> str:
    parts = [f"generation {model.generation}", f"position {model.position}", f"{model.lag_events} events behind"]
    if model.paused:
        parts.append("paused")
    if model.parked:
        parts.append(f"{model.parked} parked")
    if model.building is not None:
        parts.append(f"{model.building.purpose} {model.building.state} {share(model.building):.0%}")
    if model.replaced:
        parts.append("what was replaced is kept")
    return ", ".join(parts)


def share(building: Building) -> float:
    return min(1.0, building.position / building.goal) if building.goal else 0.0
