"""A clock that runs, and that a test puts forward."""

from datetime import datetime, timedelta

from infrastructure.clock import now


class Moving:
    """The real time, and whatever has been added."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return now() + self.ahead
