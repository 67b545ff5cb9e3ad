"""What is asked of deliveries and couriers where two streams, a code or a position beside the log come into it."""

from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

from msgspec.structs import replace

from application.attempts import Attempts
from application.handler import Appended, Handler
from application.ports import Meta
from domain.decider import Rejected
from domain.deliveries.commands import AssignDelivery, DeliverDelivery, EnrolCourier, LoadCourier, TrackDelivery
from domain.deliveries.courier import courier_stream
from domain.deliveries.delivery import deliveries
from domain.deliveries.zone import Declared, zones
from domain.trade import Spot
from domain.users.user import Registered, users
from domain.values import Role


@runtime_checkable
class Codes(Protocol):
    def fits(self, delivery_id: UUID, code: str) -> bool:
        """Whether this is the code that the delivery's buyer was shown."""
        ...


@runtime_checkable
class Tracks(Protocol):
    def record(self, courier_id: UUID, delivery_id: UUID, spot: Spot, at: datetime) -> None:
        """Add a position; one that is older than the last known does not replace it."""
        ...


class Assign:
    """Gives a delivery to a courier, who must be on duty and have room: both or neither. Refuses `courier_not_found`."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, command: AssignDelivery, meta: Meta, expected: int | None = None) -> Appended:
        id, courier = command.delivery_id, command.courier_id
        given = [(id, command), (courier_stream(courier), LoadCourier(courier, id, command.now))]
        return self.handle.together(given, meta, expected)[0]


class HandOver:
    """A wrong code is counted first and refused as `code_wrong` then."""

    def __init__(self, handle: Handler, codes: Codes) -> None:
        self.handle = handle
        self.codes = codes

    def __call__(self, command: DeliverDelivery, code: str | None, meta: Meta, expected: int | None = None) -> Appended:
        fits = None if code is None else self.codes.fits(command.delivery_id, code)
        appended = self.handle(command.delivery_id, replace(command, code_fits=fits), meta, expected)
        if fits is False:
            raise Rejected("code_wrong", "This is not the code that the buyer was shown.", pointer="/code")
        return appended


class Track:
    """Keeps where a courier is, if he carries this delivery; the log hears nothing of it."""

    def __init__(self, handle: Handler, tracks: Tracks, attempts: Attempts) -> None:
        self.handle = handle
        self.tracks = tracks
        self.attempts = attempts

    def __call__(self, command: TrackDelivery, at: datetime | None) -> datetime:
        """The moment it counts for: what a device believes to be the future is now. Raises `TooManyAttempts`."""
        id = command.delivery_id
        deliveries.decide(command, self.handle.state(id, deliveries))  # first, so that nobody uses up what is the courier's
        self.attempts("track", str(id))
        moment = command.now if at is None else min(at, command.now)
        self.tracks.record(command.by.id, id, command.spot, moment)
        return moment


class Enrol:
    """Refuses `user_not_found`, `zone_not_found`, and `not_a_courier` whom nobody has made one."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, command: EnrolCourier, meta: Meta, expected: int | None = None) -> Appended:
        user = self.handle.state(command.courier_id, users)
        if not isinstance(user, Registered):
            raise Rejected("user_not_found")
        if Role.COURIER not in user.roles:
            raise Rejected("not_a_courier", "An admin has to grant the role first.")
        found = self.handle.states([(zone, zones) for zone in command.zones])
        for index, zone in enumerate(command.zones):
            if not isinstance(found[zone], Declared):
                raise Rejected("zone_not_found", pointer=f"/zones/{index}")
        return self.handle(courier_stream(command.courier_id), command, meta, expected)
