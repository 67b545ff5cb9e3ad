"""The real engines, run as children of this process where none are configured. Only here, and in what starts them, is the extra needed."""


class EngineFailed(Exception):
    """An engine cannot be started; the text says which, why, and what to do."""
