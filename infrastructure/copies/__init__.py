"""The whole of what cannot be derived, taken away in one file and brought back."""
