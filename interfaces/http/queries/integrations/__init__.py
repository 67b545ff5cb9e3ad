"""How other systems are that follow what is public."""

from interfaces.http.queries.integrations.consumers import ConsumerQueries
from interfaces.http.queries.integrations.endpoints import EndpointQueries

CONTROLLERS = (ConsumerQueries, EndpointQueries)
