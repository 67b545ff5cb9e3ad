"""What changes group purchases."""

from interfaces.http.commands.groups.groups import GroupCommands

CONTROLLERS = (GroupCommands,)
