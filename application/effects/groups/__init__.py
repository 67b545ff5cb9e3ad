"""What events of groups owe the outside."""

from application.effects.groups.notices import NOTICES

__all__ = ["NOTICES"]
