"""Writes and sends one text message, to whoever has asked for texts of this kind and has given a number."""

from uuid import UUID

from application.effects import job
from application.jobs.draft import number
from application.jobs.letters.drafts import Drafts
from application.jobs.ports import Letters, Sms, Texter


class SendText:
    """The job of this name."""

    def __init__(self, drafts: Drafts, letters: Letters, texter: Texter) -> None:
        self._drafts = drafts
        self._letters = letters
        self._texter = texter

    def __call__(self, id: UUID, work: job.SendText) -> None:
        """`id` is the message's own. Raises `Skipped` where nobody wants it, `Refused` or `Unavailable` as the texter does."""
        draft, person = self._drafts.about(work.stream, work.version)
        to = number(person, draft)
        self._texter.send(Sms(id, to, self._letters.text(work.letter, draft.facts)))
