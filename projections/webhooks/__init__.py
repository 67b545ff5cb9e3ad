"""Public events sent to other systems, as their owners and operators see it."""
