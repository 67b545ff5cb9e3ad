"""Payments: what a buyer owes for a checkout, and what a provider says has become of it."""
