"""What is asked of groups that buy together."""

from interfaces.http.queries.groups import supply
from interfaces.http.queries.groups.counters import CounterQueries
from interfaces.http.queries.groups.groups import GroupQueries
from interfaces.http.queries.groups.live import GroupLive
from interfaces.http.queries.groups.members import GroupMemberQueries
from interfaces.http.queries.groups.mine import MyGroupQueries
from interfaces.http.queries.groups.passes import GroupPassQueries, OwnPassQueries, PassKeyQueries, PassQueries
from interfaces.http.queries.groups.search import GroupSearch

CONTROLLERS = (
    GroupSearch,
    GroupQueries,
    GroupMemberQueries,
    GroupLive,
    MyGroupQueries,
    PassQueries,
    OwnPassQueries,
    PassKeyQueries,
    GroupPassQueries,
    CounterQueries,
    *supply.CONTROLLERS,
)
