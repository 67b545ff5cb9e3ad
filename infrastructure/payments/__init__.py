"""Providers of payments, and the notes that are kept of what they were asked and have said."""
