"""What the measurements stand on: an installation, callers, controls and how figures are told."""
