"""How a group has come to where it is when the troubles begin: by what people ask for, and all that follows from it."""

from collections.abc import Callable, Sequence

from tests.simulation.outside import GOOD
from tests.simulation.people.grouping import Member, Organiser, Supplier

PARTS = (3, 3, 2)
STAGES = 6
"""Nothing, gathering, paid for, agreed on, under way, and to be fetched."""


def lead_up(stage: int, members: Sequence[Member], organiser: Organiser, supplier: Supplier, follow: Callable[[], None]) -> None:
    """One group, so many stages on its way; `follow` brings about all that is due."""

    def gather() -> None:
        organiser.open()
        for member, part in zip(members, PARTS, strict=True):
            member.join(part)

    def pay() -> None:
        for member in members:
            member.contribute(GOOD)

    def agree() -> None:
        organiser.lock()
        follow()
        supplier.quote()
        follow()
        organiser.accept()

    steps = (gather, pay, agree, supplier.ship, organiser.receive)
    for each in steps[:stage]:
        each()
        follow()
