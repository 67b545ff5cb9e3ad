"""What people have said in their groups."""

from interfaces.http.queries.conversations.messages import MessageModeration, MessageQueries

CONTROLLERS = (MessageQueries, MessageModeration)
