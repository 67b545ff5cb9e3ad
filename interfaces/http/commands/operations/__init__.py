"""What operators ask for."""

from interfaces.http.commands.operations.maintenance import MaintenanceCommands
from interfaces.http.commands.operations.owed import JobCommands, ReactionCommands
from interfaces.http.commands.operations.projections import ProjectionCommands

CONTROLLERS = (
    ProjectionCommands,
    ReactionCommands,
    JobCommands,
    MaintenanceCommands,
)
