"""Public events sent to other systems: one message at a time, signed, again and again until it is taken."""
