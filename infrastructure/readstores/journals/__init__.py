"""Journals in Postgres: how rows and sums are added, and how they are asked for."""
