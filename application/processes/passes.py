"""Every member gets a pass when the goods lie ready, and the group knows what has been handed out for it."""

from application.effects.effect import Process
from domain.groups.commands import NoteCollected
from domain.groups.events import PickUpOpened
from domain.groups.ids import pass_id
from domain.groups.passes.commands import IssuePass
from domain.groups.passes.events import PassRedeemed
from domain.process import Owed
from domain.values import SYSTEM

FIRST = 1


def issue_passes(event: PickUpOpened) -> Owed:
    """Good until nobody is waited for any longer."""
    places = {each.id: each for each in event.pickups}
    return [
        (
            id,
            IssuePass(
                id,
                event.group_id,
                part.member_id,
                part.pickup_id,
                part.quantity,
                FIRST,
                event.ends_at,
                SYSTEM,
                event.at,
                event.organiser_id,
                event.title,
                event.sku,
                event.unit,
                places.get(part.pickup_id),
            ),
        )
        for part in event.parts
        for id in (pass_id(event.group_id, part.member_id, FIRST),)
    ]


def tell_group(event: PassRedeemed) -> Owed:
    return [(event.group_id, NoteCollected(event.group_id, event.member_id, event.pass_id, event.quantity, event.at))]


REACTIONS = (
    Process(PickUpOpened, "issue_passes", issue_passes),
    Process(PassRedeemed, "tell_group", tell_group),
)
