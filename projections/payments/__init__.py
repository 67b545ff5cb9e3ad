"""Payments, as payers, sellers and staff see them."""
