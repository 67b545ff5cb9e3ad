"""Where the library of event sourcing attaches to the log: its application and its recorders."""
