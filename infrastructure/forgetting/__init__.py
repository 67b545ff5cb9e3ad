"""Forgetting a person: what stands in the way, what goes in the same append, and how everything derived follows."""
