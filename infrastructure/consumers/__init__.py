"""The books of consumer groups in Postgres."""
