"""Read models of what people ask to be told."""
