"""What changes group purchases."""

from interfaces.http.commands.groups import supply
from interfaces.http.commands.groups.groups import GroupCommands
from interfaces.http.commands.groups.passes import CounterCommands, PassCommands

CONTROLLERS = (GroupCommands, PassCommands, CounterCommands, *supply.CONTROLLERS)
