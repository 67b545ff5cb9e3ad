"""Seals of the log: a signed Merkle tree over the stored bytes of all events."""
