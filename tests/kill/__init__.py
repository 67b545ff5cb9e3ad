"""Processes of the whole service are killed while people use it; afterwards nothing is lost, nothing is doubled, and no read model lies."""
