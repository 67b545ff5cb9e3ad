"""Read models: what queries answer from, folded from events and rebuilt from them at any time."""
