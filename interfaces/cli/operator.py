"""Who gives an operator's command from a shell: an admin, by his address."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Annotated

from cyclopts import Parameter

from application.ports import Meta
from domain.decider import Rejected
from domain.values import Actor, Role
from infrastructure import logging
from infrastructure.container import Container
from interfaces.cli.roles.imports import person
from interfaces.cli.running import reaching

As = Annotated[str, Parameter(name="--as", help="Which admin asks, by address; otherwise the first admin.")]
Why = Annotated[str, Parameter(help="For other operators and auditors; it stays in history.")]


@contextmanager
def operating(address: str) -> Generator[tuple[Container, Actor, Meta]]:
    """The parts of the service, the operator and his command's identity; a refusal ends the process with its words."""
    with reaching() as settings, Container(settings) as container:
        logging.configure(settings)
        id = person(container, address or settings.admin_email)
        command_id = container.ids()
        try:
            yield container, Actor(id, frozenset({Role.ADMIN})), Meta(command_id, id, command_id)
        except Rejected as rejected:
            sys.exit(f"Refused: {rejected}")
