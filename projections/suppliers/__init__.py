"""Suppliers as they are shown: to everyone, to their own members, and to staff."""
