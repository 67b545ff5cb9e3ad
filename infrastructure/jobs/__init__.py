"""Jobs at rest and at work: the queue in Postgres and the worker that empties it."""
