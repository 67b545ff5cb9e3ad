"""Every role of the program under one command; a role's module is loaded only when that role runs."""

import gc
import os
import sys
from importlib import import_module

from cyclopts import App

from infrastructure.embedded import EngineFailed
from infrastructure.eventlog.forms import UnreadableLog
from infrastructure.settings import SettingsError
from interfaces.cli.roles.up import up

ROLES = {
    "serve": ("interfaces.cli.roles.serve:serve", "Answer commands and queries over HTTP."),
    "project": ("interfaces.cli.roles.project:app", "Follow the event log and keep the read models; build them anew, or check them."),
    "react": ("interfaces.cli.roles.react:app", "Follow the event log and write down what is owed: jobs."),
    "work": ("interfaces.cli.roles.work:app", "Do the jobs that are due, and show those that were given up."),
    "migrate": ("interfaces.cli.roles.migrate:migrate", "Bring the database to the newest schema."),
    "rotate-keys": ("interfaces.cli.roles.rotate_keys:rotate_keys", "Wrap every key anew with the newest key-encryption key."),
    "import": ("interfaces.cli.roles.imports:app", "Bring listings in from a file."),
    "replay": ("interfaces.cli.roles.copies.replay:replay", "Write a range of the event log to a file, or make a read model anew."),
    "dump": ("interfaces.cli.roles.copies.dump:dump", "Write everything that cannot be derived to one file."),
    "restore": ("interfaces.cli.roles.copies.restore:restore", "Bring a dump back into a database that has no history, and verify it."),
    "evidence": ("interfaces.cli.roles.copies.evidence:evidence", "Write a signed bundle of one stream's or one person's events."),
    "verify": ("interfaces.cli.roles.verify:verify", "Prove that the event log is what was sealed, or name what is not."),
    "openapi": ("interfaces.cli.roles.openapi:openapi", "Print the OpenAPI document, without starting anything."),
    "bench": ("interfaces.cli.roles.bench:bench", "Measure this machine, and print tables of ratios."),
    "doctor": ("interfaces.cli.roles.doctor:doctor", "Check everything the program depends on, and say what to do."),
    "test": ("interfaces.cli.roles.test:test", "Run the tests on engines of their own; further arguments go to pytest."),
}

app = App(
    name="run.py",
    help="Tradewind. Without a role: start everything here, on engines of its own where none are configured.",
    usage="Usage: run.py [ROLE] [OPTIONS]",
    version_flags=[],
)
app.default(up)
for name, (where, what) in ROLES.items():
    app.command(where, name=name, help=what)


def load(role: str) -> None:
    """Its module and all that this needs, which stays: to look through it again and again for garbage is a fifth of the time."""
    gc.disable()
    import_module(ROLES[role][0].split(":")[0])
    gc.freeze()
    gc.enable()


def main() -> None:
    asked = sys.argv[1:]
    if asked and not asked[0].startswith("-") and asked[0] not in ROLES:
        print(f"There is no role {asked[0]}. The roles are {', '.join(ROLES)}; without one everything is started.", file=sys.stderr)
        sys.exit(2)
    try:
        if asked and asked[0] in ROLES:
            load(asked[0])
        app(asked)
    except (EngineFailed, SettingsError, UnreadableLog) as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # whoever reads has seen enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
