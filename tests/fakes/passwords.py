"""Passwords that guard nobody: hashed as on a server, each would take longer than the rest of its request."""

from infrastructure.security.passwords import Argon2Passwords

QUICK = Argon2Passwords(memory_kib=64, passes=1)
