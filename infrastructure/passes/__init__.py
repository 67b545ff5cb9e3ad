"""Passes outside the log: their tokens, the codes that phones show, and the lists that counters without a network work by."""
