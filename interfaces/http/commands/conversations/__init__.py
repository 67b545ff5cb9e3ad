"""What people say in their groups."""

from interfaces.http.commands.conversations.messages import AnnouncementCommands, MessageCommands, MuteCommands

CONTROLLERS = (MessageCommands, AnnouncementCommands, MuteCommands)
