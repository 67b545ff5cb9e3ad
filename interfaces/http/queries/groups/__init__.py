"""What is asked of groups that buy together."""

from interfaces.http.queries.groups.groups import GroupQueries
from interfaces.http.queries.groups.live import GroupLive
from interfaces.http.queries.groups.members import GroupMemberQueries
from interfaces.http.queries.groups.mine import MyGroupQueries
from interfaces.http.queries.groups.search import GroupSearch

CONTROLLERS = (GroupSearch, GroupQueries, GroupMemberQueries, GroupLive, MyGroupQueries)
