"""The provider for trying things out: it keeps books of its own and does what its test numbers say, always the same."""
