"""Roles that take copies of history away, and bring them back."""
