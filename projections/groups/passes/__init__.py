"""Passes as members, organisers and staff see them."""
