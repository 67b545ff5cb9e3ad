"""Paying out by providers."""
