"""What a feed knows whose events each speak for themselves: nothing."""

from domain.values import Value


def nothing(_known: Value | None, _event: Value) -> None:
    """Each of these events speaks for itself."""
