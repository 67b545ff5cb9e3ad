import datetime as dt
import socket
import ssl
from collections.abc import Callable, Generator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from application.jobs.ports import Mail, Refused
from application.ports import Unavailable
from infrastructure.environ import Secret, Smtp
from infrastructure.messaging.smtp import SmtpMailer
from tests.fakes.tls import self_signed
from tests.infrastructure.messaging.server import Behaviour, DropsInTheMiddle, MailServer

SENDER = "Tradewind <no-reply@tradewind.example>"
Start = Callable[..., MailServer]


@pytest.fixture
def behaviour() -> Behaviour:
    return Behaviour()


@pytest.fixture
def start(behaviour: Behaviour) -> Generator[Start]:
    running: list[MailServer] = []

    def start(protocol: type[SMTP] = SMTP, **options: object) -> MailServer:
        server = MailServer(behaviour, protocol, **options)
        server.start()
        running.append(server)
        return server

    yield start
    for server in running:
        server.stop()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return self_signed("localhost", tmp_path_factory.mktemp("tls"))


def mailer(port: int, *, seconds: float = 5, **options: object) -> SmtpMailer:
    known = {"host": "127.0.0.1", "username": "", "password": Secret(""), "security": "none"} | options
    trust = known.pop("trust", None)
    return SmtpMailer(Smtp(port=port, **known), SENDER, lambda: dt.datetime.now(dt.UTC), seconds=seconds, trust=trust)  # type: ignore[arg-type]


def letter(id: UUID | None = None, address: str = "ana@example.org") -> Mail:
    return Mail(id or uuid4(), address, "Ana", "Hello", "text", "<p>html</p>")


def test_a_mail_is_taken(start: Start, behaviour: Behaviour):
    mail = letter()
    mailer(start().port).send(mail)
    assert behaviour.taken == [f"<{mail.id}@tradewind.example>"]


@pytest.mark.parametrize("at", ["rcpt", "data"])
def test_a_refusal_for_good_is_for_good(start: Start, behaviour: Behaviour, at: str):
    setattr(behaviour, at, ["550 5.1.1 no such mailbox"])
    with pytest.raises(Refused, match=r"550 5\.1\.1 no such mailbox"):
        mailer(start().port).send(letter())
    assert behaviour.taken == []


@pytest.mark.parametrize("at", ["rcpt", "data"])
def test_who_is_put_off_may_come_again(start: Start, behaviour: Behaviour, at: str):
    setattr(behaviour, at, ["451 4.7.1 greylisted, try again"])
    server, mail = start(), letter()
    with pytest.raises(Unavailable):
        mailer(server.port).send(mail)
    mailer(server.port).send(mail)
    assert len(behaviour.taken) == 1


def test_a_line_that_drops_in_the_middle_of_a_message_is_tried_again(start: Start, behaviour: Behaviour):
    with pytest.raises(Unavailable):
        mailer(start(DropsInTheMiddle).port).send(letter())
    assert behaviour.taken == []


def test_what_was_taken_without_an_answer_comes_again_under_the_same_message_id(start: Start, behaviour: Behaviour):
    behaviour.drop = 1
    server, mail = start(), letter()
    with pytest.raises(Unavailable):
        mailer(server.port).send(mail)
    mailer(server.port).send(mail)
    assert behaviour.taken == [f"<{mail.id}@tradewind.example>"] * 2


def test_a_server_that_never_answers_is_not_waited_for_for_ever(start: Start, behaviour: Behaviour):
    behaviour.stall = True
    with pytest.raises(Unavailable):
        mailer(start().port, seconds=0.2).send(letter())


def test_a_server_that_is_not_there_may_come_back():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(Unavailable):
            mailer(free.getsockname()[1]).send(letter())


def test_starttls_and_login_are_used_when_set(start: Start, behaviour: Behaviour, certificate: Path):
    logins: list[tuple[bytes, bytes]] = []

    def check(_server: object, _session: object, _envelope: object, _mechanism: str, login: object) -> AuthResult:
        logins.append((getattr(login, "login"), getattr(login, "password")))  # noqa: B009
        return AuthResult(success=True)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = start(tls_context=context, require_starttls=True, auth_required=True, authenticator=check)
    trust = ssl.create_default_context(cafile=certificate)
    mailer(server.port, host="localhost", security="starttls", username="tw", password=Secret("pw"), trust=trust).send(letter())
    assert logins == [(b"tw", b"pw")]
    assert len(behaviour.taken) == 1


def test_a_server_with_an_unknown_certificate_is_not_given_the_mail(start: Start, behaviour: Behaviour, certificate: Path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = start(tls_context=context)
    with pytest.raises(Unavailable):
        mailer(server.port, host="localhost", security="starttls").send(letter())
    assert behaviour.taken == []


def test_a_wrong_password_is_to_be_mended_and_loses_no_mail(start: Start):
    def never(*_: object) -> AuthResult:
        return AuthResult(success=False, handled=False)

    server = start(auth_require_tls=False, authenticator=never)
    with pytest.raises(Unavailable):
        mailer(server.port, username="tw", password=Secret("wrong")).send(letter())


def test_an_address_that_is_none_never_reaches_the_server():
    with pytest.raises(Refused):
        mailer(1).send(letter(address="nobody"))
