"""A module per role, loaded only when that role runs."""
