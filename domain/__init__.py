"""The marketplace's rules: pure deciders over events, without clock, ids, I/O or framework."""
