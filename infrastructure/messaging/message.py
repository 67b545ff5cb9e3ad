"""The message a mail becomes: the headers of RFC 5322 and the rest that mail readers and servers look for."""

import re
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from application.jobs.ports import Mail, Refused

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
"""What may not stand in a header: line ends would begin another one, and direction marks show another name."""


def compose(mail: Mail, sender: str, now: datetime) -> EmailMessage:
    """HTML with a text alternative, and the files that come with it. Raises `Refused` where the address is none."""
    name, address = parseaddr(sender)
    message = EmailMessage(policy=SMTP.clone(max_line_length=200))
    message["From"] = Address(name, addr_spec=address)
    message["To"] = _recipient(mail)
    message["Subject"] = one_line(mail.subject, 200)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{mail.id}@{address.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    message["X-Auto-Response-Suppress"] = "All"  # the same in Exchange's words
    if mail.unsubscribe:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    for each in mail.attached:
        main, _, sub = each.kind.partition("/")
        message.add_attachment(each.content, main, sub, filename=one_line(each.name, 100))
    return message


def one_line(text: str, longest: int) -> str:
    """A header's text: control characters become spaces, and it has an end."""
    line = " ".join(CONTROL.sub(" ", text).split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def _recipient(mail: Mail) -> Address:
    if CONTROL.search(mail.address):
        raise Refused("the address has control characters in it")
    try:
        return Address(one_line(mail.name, 100), addr_spec=mail.address)
    except (HeaderParseError, ValueError, IndexError) as error:
        raise Refused(f"not an address: {error}") from error
