"""An inquiry: somebody asks a seller about a listing."""

from domain.decider import Decider, Rejected
from domain.listings.commands import SendInquiry
from domain.listings.content import MESSAGE_LIMIT
from domain.listings.events import InquirySent, Status
from domain.text import said
from domain.values import Value


class Unsent(Value, frozen=True, tag=True):
    pass


class Sent(Value, frozen=True, tag=True):
    pass


Inquiry = Unsent | Sent


def decide(command: SendInquiry, inquiry: Inquiry) -> list[InquirySent]:
    match inquiry:
        case Unsent():
            return [send(command)]
        case Sent():
            return []  # asked twice: already so


def send(command: SendInquiry) -> InquirySent:
    if command.sender_id == command.seller_id:
        raise Rejected("own_listing")
    if command.status is not Status.PUBLISHED:
        raise Rejected("listing_not_published", f"The listing is {command.status}.")
    message = said(command.message, MESSAGE_LIMIT, "/message")
    return InquirySent(command.inquiry_id, command.listing_id, command.seller_id, command.sender_id, message, command.now)


def evolve(_inquiry: Inquiry, _event: InquirySent) -> Inquiry:
    return Sent()


inquiries = Decider("inquiry", Unsent(), decide, evolve)
