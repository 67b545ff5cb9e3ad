"""What auditors are shown beyond the log's own rows: differences, causes, and who read what."""
