"""Everything that only asks: GET, answered from read models; a folder per family."""

from interfaces.http.queries import listings, stock, users
from interfaces.http.queries.audit import AuditQueries
from interfaces.http.queries.feeds import FeedQueries

CONTROLLERS = (*users.CONTROLLERS, *listings.CONTROLLERS, *stock.CONTROLLERS, FeedQueries, AuditQueries)
