"""The role `restore`: a dump brought back into a database that has no history."""

import sys
from pathlib import Path
from time import monotonic


def restore(file: Path) -> None:
    """Fill an empty database from a dump, all or nothing, and verify the seals; read models are made anew when `project` runs.

    Set DATABASE_URL to the new database, and the secrets to those that the dump was made with.
    """
    import psycopg

    from infrastructure.copies.restore import NotRestored
    from infrastructure.copies.restore import restore as bring_back
    from infrastructure.keys import PersonalKeys
    from infrastructure.seals.signing import SigningKey
    from infrastructure.seals.stored import sealed_events
    from infrastructure.seals.verifying import Verification
    from interfaces.cli.attached import attached
    from interfaces.cli.console import progress
    from interfaces.cli.roles.verify import bar, told

    with attached() as settings:
        with progress() as report:
            began = monotonic()

            def rate(table: str, done: int) -> None:
                report(f"{table}: {done // 1000} of its kB, {monotonic() - began:.0f} s")

            try:
                contents = bring_back(settings.database_url, file, PersonalKeys(*settings.wrapping_keys), rate, report)
            except NotRestored as reason:
                sys.exit(f"Nothing was restored. {reason}")
        print(f"{contents.events} events of {contents.made_at} were restored.")
        with psycopg.connect(settings.database_url, autocommit=True, application_name="tradewind verify") as connection:
            began = monotonic()
            with bar(sealed_events(connection)) as seen:
                verdict = Verification(connection, [SigningKey(each).public for each in settings.seal_seeds], report=seen).run()
    told(verdict, verdict.events / max(monotonic() - began, 1e-9))
    sys.exit(1 if verdict.finding else 0)
