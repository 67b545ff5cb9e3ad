"""Where payments are paid."""

from collections.abc import Callable
from typing import TypeAlias
from uuid import UUID

PayAt: TypeAlias = Callable[[UUID], str]
"""The address that leads a payer on, for a payment's id; good from the moment it is asked for, for whoever has it."""
