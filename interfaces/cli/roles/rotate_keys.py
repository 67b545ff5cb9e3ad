"""The role `rotate-keys`: wraps every key anew with the newest key-encryption key, while the service runs."""

import sys

from cryptography.exceptions import InvalidTag
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from infrastructure.forgetting.rotation import Rotation
from infrastructure.postgres import open_pool
from interfaces.cli.running import reaching


def rotate_keys() -> None:
    """Put the new key first in TRADEWIND_KEY_ENCRYPTION_KEY, restart everything with both, run this, then take the old one away.

    It can be stopped and run again at any time.
    """
    with reaching() as settings:
        pool = open_pool(settings.database_url, 1)
        try:
            rotation = Rotation(pool, settings.wrapping_keys)
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            with Progress(*columns, console=Console(stderr=True)) as bar:
                tasks = {name: bar.add_task(name, total=total) for name, total in rotation.total().items()}
                changed = rotation.run(lambda name, seen: bar.advance(tasks[name], seen))
        except InvalidTag:
            sys.exit("Something is wrapped by a key that TRADEWIND_KEY_ENCRYPTION_KEY does not name: add the older keys behind the newest.")
        finally:
            pool.close()
    for name, count in changed.items():
        print(f"{name}: {count} wrapped anew")
