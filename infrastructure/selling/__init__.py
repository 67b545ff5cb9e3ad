"""Listings, what is brought into them by file, where they lie, and what buys them."""
