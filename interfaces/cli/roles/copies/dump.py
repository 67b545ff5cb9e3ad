"""The role `dump`: everything that cannot be derived, in one file."""

import sys
from pathlib import Path
from time import monotonic
from typing import Annotated

from cyclopts import Parameter

from interfaces.cli.roles.copies.replay import drafted, login, reached, writable


def dump(file: Path, *, force: Annotated[bool, Parameter(negative=(), help="Overwrite a file that exists.")] = False) -> None:
    """Write the log, the results of commands, wrapped keys, credentials, jobs, seals and all else but read models, as of one moment.

    Keep the file as you keep the database; the keys that open it are in the settings, and not in it.
    """
    from domain.values import SYSTEM
    from infrastructure.container import Container
    from infrastructure.copies import dump as copies
    from interfaces.cli.attached import attached
    from interfaces.cli.console import progress

    writable(file, force=force)
    with attached() as settings, Container(settings) as container, progress() as report, reached(), drafted(file) as draft:
        began = monotonic()

        def told(table: str, rows: int) -> None:
            report(f"{table}: {rows} rows, {monotonic() - began:.0f} s")

        container.audit_reads.record(SYSTEM.id, "run.py dump", {"file": str(file), "login": login()}, 0)
        events = copies.dump(settings.database_url, draft or file, told)
    print(f"{events} events and what belongs to them are in {file} ({file.stat().st_size:,} bytes).", file=sys.stderr)
