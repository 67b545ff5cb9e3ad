"""Sending public events to other systems: their books in Postgres, and the roads to them."""
