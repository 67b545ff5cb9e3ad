"""What operators look at."""

from interfaces.http.queries.operations.owed import JobQueries, ReactionQueries
from interfaces.http.queries.operations.projections import MaintenanceQueries, ProjectionQueries

CONTROLLERS = (
    ProjectionQueries,
    ReactionQueries,
    JobQueries,
    MaintenanceQueries,
)
