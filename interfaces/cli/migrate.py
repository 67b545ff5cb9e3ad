"""Bringing the database's structure up to this release."""

import os


def migrate() -> None:
    """Run the migrations that were not run yet; several processes may do so at once."""
    from infrastructure import migrate as migrations
    from infrastructure import settings

    done = migrations.migrate(settings.load(os.environ).database_url, lambda name: print(f"migrating {name}"))
    print(f"{len(done)} migrations run" if done else "nothing to migrate")
