"""Payments and payouts by Flutterwave."""
