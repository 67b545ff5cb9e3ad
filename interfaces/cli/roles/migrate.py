"""The role `migrate`: brings the database's structure up to this release, and makes the first users."""

import sys

from application.bootstrap import DEMO, Bootstrap, admin
from domain.decider import Rejected
from infrastructure import migrate as migrations
from infrastructure.container import Container
from infrastructure.settings import Settings
from interfaces.cli.running import reaching


def migrate() -> None:
    """Run the migrations that were not run yet, then make the first admin and the demo's users where they are missing.

    Several processes may do so at once.
    """
    with reaching() as settings:
        done = migrations.migrate(settings.database_url, lambda name: print(f"migrating {name}"))
        print(f"{len(done)} migrations run" if done else "nothing to migrate")
        make_first_users(settings)


def make_first_users(settings: Settings) -> None:
    first = [admin(settings.admin_email, settings.admin_password.reveal())] if settings.admin_email else []
    demo = DEMO if settings.demo else ()
    with Container(settings) as container:
        commands = container.signing_in.commands
        bootstrap = Bootstrap(container.handle, commands["register"], commands["change_standing"], container.clock, container.ids)
        try:
            bootstrap([*first, *demo])
        except Rejected as refused:
            sys.exit(f"TRADEWIND_ADMIN_EMAIL or TRADEWIND_ADMIN_PASSWORD cannot be used: {refused}")
