"""The role `evidence`: what one thing or one person left on the log, for whoever has to believe it without us."""

import sys
from pathlib import Path
from typing import Annotated
from uuid import UUID

from cyclopts import Parameter

from interfaces.cli.roles.copies.replay import drafted, login, reached, writable


def evidence(
    *,
    out: Annotated[Path, Parameter(help="The zip to write.")],
    stream: Annotated[UUID | None, Parameter(help="All events of this thing.")] = None,
    person: Annotated[UUID | None, Parameter(help="What this person did, what happened to him, and where his data are.")] = None,
    force: Annotated[bool, Parameter(negative=(), help="Overwrite a file that exists.")] = False,
) -> None:
    """Write events as stored with their proofs and the signed tree head; interfaces/verifier/verify.py checks it anywhere."""
    from domain.values import SYSTEM
    from infrastructure.container import Container
    from interfaces.cli.console import progress
    from interfaces.cli.running import reaching
    from projections.ports import Unavailable
    from projections.seals import NothingSealed

    if (stream is None) == (person is None):
        sys.exit("Ask for a stream or for a person: --stream ID or --person ID.")
    writable(out, force=force)
    asked = {"stream": str(stream or ""), "person": str(person or ""), "out": str(out), "login": login()}
    with reaching() as settings, Container(settings) as container, progress() as report, reached(), drafted(out) as draft:
        offered, by = container.sealing.evidence, f"run.py evidence, {login()}"
        try:
            bundle = offered.of_stream(stream, by) if stream else offered.of_person(person, by) if person else None
        except NothingSealed:
            sys.exit("No signed tree holds any of it yet: new events are sealed while `react` runs, within some ten seconds.")
        except Unavailable as unavailable:
            if unavailable.component != "seals":
                raise
            sys.exit("No tree was signed with the seal key that is set here: is `react` running with the same TRADEWIND_SEAL_KEY?")
        if bundle is None:
            sys.exit("Nothing was recorded under this id.")
        container.audit_reads.record(SYSTEM.id, "run.py evidence", asked, bundle.events)
        report(f"Writing {bundle.events} events with their proofs")
        with (draft or out).open("wb") as file:
            size = sum(map(file.write, bundle.pieces))
    print(f"{bundle.events} events with their proofs are in {out} ({size:,} bytes).", file=sys.stderr)
