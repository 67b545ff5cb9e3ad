"""Writes and sends one letter: who gets it and what it says is looked up now, not when it fell due."""

from uuid import UUID

from application.effects import job
from application.jobs.draft import recipient
from application.jobs.letters.drafts import Drafts
from application.jobs.ports import Letters, Mail, Mailer


class SendLetter:
    """The job of this name."""

    def __init__(self, drafts: Drafts, letters: Letters, mailer: Mailer) -> None:
        self._drafts = drafts
        self._letters = letters
        self._mailer = mailer

    def __call__(self, id: UUID, work: job.SendLetter) -> None:
        """`id` is the mail's own. Raises `Skipped` where there is nobody to write to, `Refused` or `Unavailable` as the mailer does."""
        draft, person = self._drafts.about(work.stream, work.version)
        address, name = recipient(person, draft)
        words = self._letters.write(work.letter, {**draft.facts, "name": name})
        self._mailer.send(Mail(id, address, name, words.subject, words.text, words.html, attached=draft.attached))
