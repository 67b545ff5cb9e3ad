"""What deliveries need beside the log: where couriers are, the roster as it is read, and the wiring of both."""
