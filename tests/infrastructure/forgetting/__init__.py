"""Forgetting, on real engines."""
