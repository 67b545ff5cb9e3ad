"""How many of each thing a seller has: received, promised to orders, sold, lost, found and counted."""
