"""Payouts: what sellers have earned, on its way to their accounts."""
