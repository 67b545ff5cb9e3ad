"""Passes, for which a group's goods are handed out, and each piece once."""
