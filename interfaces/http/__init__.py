"""The HTTP interface: commands and queries apart, problems, callers and documentation."""
