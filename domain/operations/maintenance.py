"""Whether the service takes commands: while it is kept for maintenance it only reads, but for operators."""

from domain.decider import Decider, Rejected
from domain.operations.commands import BeginMaintenance, EndMaintenance, MaintenanceCommand
from domain.operations.events import MaintenanceBegun, MaintenanceEnded, MaintenanceEvent
from domain.operations.rules import require_operator, stream_of, why
from domain.values import Actor, Role, Value

SERVICE = stream_of("service", "tradewind")


class Service(Value, frozen=True):
    read_only: bool = False


def decide(command: MaintenanceCommand, service: Service) -> list[MaintenanceEvent]:
    require_operator(command.by)
    match command:
        case BeginMaintenance() if service.read_only:
            raise Rejected("already_read_only")
        case BeginMaintenance():
            return [MaintenanceBegun(why(command.reason), command.by.id, command.now)]
        case EndMaintenance() if not service.read_only:
            raise Rejected("not_read_only")
        case EndMaintenance():
            return [MaintenanceEnded(command.by.id, command.now)]


def evolve(_service: Service, event: MaintenanceEvent) -> Service:
    match event:
        case MaintenanceBegun():
            return Service(read_only=True)
        case MaintenanceEnded():
            return Service(read_only=False)


def actions(service: Service, by: Actor) -> list[str]:
    if not by.is_any(Role.ADMIN):
        return []
    return ["end"] if service.read_only else ["begin"]


services = Decider("service", Service(), decide, evolve, actions=actions)
