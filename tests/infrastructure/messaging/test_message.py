import email
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from uuid import UUID

import pytest
from msgspec.structs import replace

from application.jobs.ports import Attachment, Mail, Refused
from infrastructure.messaging.message import compose

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
SENDER = "Tradewind <no-reply@tradewind.example>"


def mail(*, address: str = "ana@example.org", name: str = "Ana", subject: str = "Hello", unsubscribe: str = "") -> Mail:
    return Mail(UUID(int=7), address, name, subject, "Grüße", "<p>Grüße</p>", unsubscribe)


def read(sent: Mail) -> EmailMessage:
    return email.message_from_bytes(compose(sent, SENDER, NOON).as_bytes(), _class=EmailMessage, policy=default)


def test_a_mail_has_the_headers_that_servers_look_for():
    message = read(mail())
    assert message["From"] == SENDER
    assert message["To"] == "Ana <ana@example.org>"
    assert message["Message-ID"] == f"<{UUID(int=7)}@tradewind.example>"
    assert message["Date"] == "Fri, 01 May 2026 12:00:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] is None


def test_text_comes_before_html_and_both_keep_their_letters():
    parts = list(read(mail()).iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert "Grüße" in parts[0].as_string() or "Gr=C3=BC" in parts[0].as_string()


def test_files_come_with_a_mail_byte_for_byte():
    sent = replace(mail(), attached=(Attachment("INV-2026-00001.pdf", "application/pdf", b"%PDF-1.7\r\n\x00\xff.\n"),))
    message = read(sent)
    (file,) = message.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("INV-2026-00001.pdf", "application/pdf")
    assert file.get_content() == sent.attached[0].content
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == "Grüße"


def test_the_name_of_a_file_ends_no_header():
    (file,) = read(replace(mail(), attached=(Attachment("a\r\nBcc: all@example.org", "application/pdf", b""),))).iter_attachments()
    assert file["Bcc"] is None
    assert file.get_filename() == "a Bcc: all@example.org"


def test_what_can_be_unsubscribed_says_how():
    message = read(mail(unsubscribe="https://tw.example/u/1"))
    assert message["List-Unsubscribe"] == "<https://tw.example/u/1>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("hostile", ["Ana\r\nBcc: all@example.org", "Ana\nBcc: all@example.org", "Ana\u2028Bcc: x", "\x00Ana\x0bBcc: x"])
def test_no_header_is_smuggled_in_by_a_name_or_a_subject(hostile: str):
    message = read(mail(name=hostile, subject=hostile))
    assert message["Bcc"] is None
    assert len(message["To"].addresses) == 1
    assert message["To"].addresses[0].addr_spec == "ana@example.org"


@pytest.mark.parametrize("name", ['Ana" <evil@example.org>, "x', "Ana, <evil@example.org>", "=?utf-8?q?evil?="])
def test_a_name_adds_no_recipient(name: str):
    assert [each.addr_spec for each in read(mail(name=name))["To"].addresses] == ["ana@example.org"]


@pytest.mark.parametrize("address", ["", "ana", "ana@example.org\r\nBcc: x@example.org", "a@b, c@d", "<ana@example.org>"])
def test_what_is_no_address_is_refused(address: str):
    with pytest.raises(Refused):
        compose(mail(address=address), SENDER, NOON)


def test_a_long_subject_has_an_end():
    assert len(str(read(mail(subject="x" * 5000))["Subject"])) == 200
