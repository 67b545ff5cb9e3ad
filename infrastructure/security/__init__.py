"""Passwords, tokens, links and keys: what proves who someone is."""
