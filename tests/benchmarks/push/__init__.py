"""How long it takes from a commit until others know."""
