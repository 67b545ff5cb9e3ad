"""What follows from payouts by itself: what failed is back in the seller's purse."""

from application.effects.effect import Process
from domain.payments.payouts.commands import PutBack
from domain.payments.payouts.events import PayoutFailed
from domain.payments.payouts.purse import purse_id
from domain.process import Owed


def put_back(event: PayoutFailed) -> Owed:
    purse = purse_id(event.seller_id, event.currency)
    return [(purse, PutBack(event.seller_id, event.currency, event.payout_id, event.attempt, event.amount, event.at))]


REACTIONS = (Process(PayoutFailed, "put_back", put_back),)
