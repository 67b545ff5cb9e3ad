"""Read models of what is said in groups."""
