"""Buildings of a read model: the one that is served, and those that are made beside it."""
