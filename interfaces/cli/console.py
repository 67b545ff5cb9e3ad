"""What a person sees while something takes time; on standard error, so that standard output is the answer alone."""

import contextlib
import re
import time
from collections.abc import Callable, Generator

from rich.console import Console

Report = Callable[[str], None]
COUNTED = re.compile(r"^(.*?)\d+ of \d+")


@contextlib.contextmanager
def progress() -> Generator[Report]:
    """A line that changes on a terminal; elsewhere a line per message, of running counts one every two seconds."""
    console = Console(stderr=True, highlight=False)
    if console.is_terminal:
        with console.status("Starting") as status:
            yield status.update
        return
    last: dict[str, float] = {}

    def report(message: str) -> None:
        counted = COUNTED.match(message)
        if counted and time.monotonic() - last.get(counted[1], 0) < 2:
            return
        if counted:
            last[counted[1]] = time.monotonic()
        console.print(message, soft_wrap=True)

    yield report
