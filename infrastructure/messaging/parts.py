"""Letters and text messages, wired: the jobs that send them, and the boxes where they stay while no server is set."""

from collections.abc import Mapping
from contextlib import ExitStack
from functools import cached_property
from typing import Any

from psycopg_pool import ConnectionPool

from application.commands.stock_alerts import AwaitStock
from application.credentials import PhoneCodes
from application.handler import Handler
from application.jobs.groups.tell import Tell
from application.jobs.letters.drafts import Drafts
from application.jobs.letters.groups import GroupLetters
from application.jobs.ports import History, Mailer, Texter
from application.jobs.sending.code import SendCode
from application.jobs.sending.letter import SendLetter
from application.jobs.sending.text import SendText
from application.jobs.tell_of_stock import TellOfStock
from application.ports import Clock
from infrastructure.jobs.queue import Queue
from infrastructure.messaging.alerts import ReadAlerts
from infrastructure.messaging.local import LocalMailbox
from infrastructure.messaging.sms import LocalTexts, TriedBefore, TwilioTexter
from infrastructure.messaging.smtp import SmtpMailer
from infrastructure.messaging.talk import ReadTalk
from infrastructure.messaging.wording import written_letters
from infrastructure.passes.tokens import SealedPasses
from infrastructure.settings import Settings
from projections.ports import Documents


class MessagingParts:
    def __init__(self, settings: Settings, pool: ConnectionPool[Any], handle: Handler, documents: Documents, clock: Clock) -> None:
        self._settings = settings
        self._pool = pool
        self._handle = handle
        self._documents = documents
        self._clock = clock
        self._letters = written_letters()
        self._closing = ExitStack()

    def close(self) -> None:
        self._closing.close()

    @property
    def commands(self) -> Mapping[str, Any]:
        """By the names under which routes ask for them."""
        return {"await_stock": AwaitStock(self._handle)}

    @cached_property
    def mailbox(self) -> LocalMailbox:
        """Where mails stay while no SMTP server is set."""
        return LocalMailbox(self._pool, self._settings.mail_from, self._clock)

    @cached_property
    def mailer(self) -> Mailer:
        smtp = self._settings.smtp
        return SmtpMailer(smtp, self._settings.mail_from, self._clock) if smtp else self.mailbox

    @cached_property
    def textbox(self) -> LocalTexts:
        """Where texts stay while no gateway is set."""
        return LocalTexts(self._pool, self._clock)

    @cached_property
    def texter(self) -> Texter:
        if self._settings.sms is None:
            return self.textbox
        texter = TwilioTexter(self._settings.sms, self._settings.sms_from, self._clock, TriedBefore(self._pool))
        self._closing.callback(texter.close)
        return texter

    def send_letter(self, drafts: Drafts) -> SendLetter:
        return SendLetter(drafts, self._letters, self.mailer)

    def send_text(self, drafts: Drafts) -> SendText:
        return SendText(drafts, self._letters, self.texter)

    def send_code(self, codes: PhoneCodes) -> SendCode:
        return SendCode(codes, self._letters, self.texter, self._clock)

    def tell(self, history: History, queue: Queue) -> Tell:
        settings = self._settings
        letters = GroupLetters(history, SealedPasses(settings.pass_secrets), settings.public_url, settings.app_url)
        return Tell(history, self._handle, self._letters, self.mailer, self.texter, queue.put, ReadTalk(self._documents), letters)

    @property
    def tell_of_stock(self) -> TellOfStock:
        return TellOfStock(self._handle, ReadAlerts(self._documents), self._clock)
