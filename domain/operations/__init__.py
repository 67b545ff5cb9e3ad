"""What operators do to the service itself: with its read models, with what follows from events, and with whether it takes commands."""
