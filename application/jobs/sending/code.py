"""Texts somebody the code to sign in with, while it can still be used."""

from uuid import UUID

from application.credentials import PhoneCodes
from application.effects import job
from application.jobs.ports import Letters, Skipped, Sms, Texter
from application.ports import Clock


class SendCode:
    """The job of this name."""

    def __init__(self, codes: PhoneCodes, letters: Letters, texter: Texter, clock: Clock) -> None:
        self._codes = codes
        self._letters = letters
        self._texter = texter
        self._clock = clock

    def __call__(self, id: UUID, work: job.SendCode) -> None:
        """`id` is the message's own. Raises `Skipped` where the code is used, too old or followed by another."""
        found = self._codes.sent(work.code_id, self._clock())
        if found is None:
            raise Skipped("superseded")
        number, code = found
        self._texter.send(Sms(id, number, self._letters.text("phone_code", {"code": code})))
