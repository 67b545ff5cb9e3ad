"""Whatever somebody else's server does: it is over in time, it is called by its name, and nothing goes where it must not."""

import socket
import ssl
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

import pytest

from application.webhooks.ports import Answer
from infrastructure.webhooks.addresses import PublicAddresses
from infrastructure.webhooks.posting import KEPT, HttpPoster
from tests.fakes.tls import self_signed
from tests.infrastructure.webhooks.stranger import Manner, Stranger, answers, closes, drips, hangs, pours, says

HEADERS = {"content-type": "application/json", "webhook-id": "7"}
BODY = b'{"a":1}'
Start = Callable[..., Stranger]


@pytest.fixture
def start() -> Generator[Start]:
    with ExitStack() as running:
        yield lambda manner, tls=None: running.enter_context(Stranger(manner, tls))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return self_signed("hooks.example", tmp_path_factory.mktemp("tls"))


def server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


class Names:
    """Where hosts lead; each question is counted, and may be answered otherwise each time."""

    def __init__(self, *answers: Sequence[str] | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, host: str, _port: int) -> Sequence[str]:
        self.asked.append(host)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def post(
    url: str, names: Names | None = None, *, anywhere: bool = True, seconds: float = 5.0, trust: ssl.SSLContext | None = None
) -> Answer:
    addresses = PublicAddresses(names or Names(["127.0.0.1"]), anywhere=anywhere)
    return HttpPoster(addresses, seconds=seconds, reading=0.3, trust=trust)(url, HEADERS, BODY)


def test_a_message_is_posted_once_with_its_headers_and_its_host(start: Start):
    stranger = start(answers(200, "thanks"))
    answer = post(stranger.url("hooks.example") + "/of;a=1?b=%20c")
    assert (answer.status, answer.fault, answer.text) == (200, None, "thanks")
    assert answer.milliseconds < 5000
    (request,) = stranger.requests
    head, _, body = request.partition(b"\r\n\r\n")
    lines = head.decode().lower().split("\r\n")
    assert lines[0] == "post /hooks/of;a=1?b=%20c http/1.1"
    assert {f"host: hooks.example:{stranger.port}", "webhook-id: 7", "content-type: application/json"} < set(lines)
    assert body == BODY


def test_it_goes_to_the_address_that_was_found_and_the_host_is_looked_up_once(start: Start):
    names = Names(["127.0.0.1"], ["192.0.2.1"])
    assert post(start(answers(204)).url("hooks.example"), names).status == 204
    assert names.asked == ["hooks.example"]


def test_tls_is_by_the_name_whatever_the_address(start: Start, certificate: Path):
    stranger = start(answers(200), server_context(certificate))
    trust = ssl.create_default_context(cafile=str(certificate))
    assert post(stranger.url("hooks.example", "https"), trust=trust).status == 200
    assert stranger.names == ["hooks.example"]


def test_a_certificate_of_another_name_or_of_nobody_known_is_none(start: Start, certificate: Path):
    stranger = start(answers(200), server_context(certificate))
    trust = ssl.create_default_context(cafile=str(certificate))
    assert post(stranger.url("books.example", "https"), trust=trust).fault == "tls_failed"
    assert post(stranger.url("hooks.example", "https")).fault == "tls_failed"
    assert stranger.requests == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_is_followed_anywhere(start: Start, status: int):
    elsewhere = start(answers(200))
    stranger = start(answers(status, Location=elsewhere.url()))
    assert post(stranger.url()).status == status
    assert (len(stranger.requests), elsewhere.requests) == (1, [])


@pytest.mark.parametrize("status", [200, 400, 404, 410, 429, 500, 503])
def test_what_is_answered_is_told_as_it_is(start: Start, status: int):
    answer = post(start(answers(status, "why not", Retry_After="17")).url())
    assert (answer.status, answer.text, answer.retry_after) == (status, "why not", "17")


def test_who_hangs_is_left_in_time(start: Start):
    began = monotonic()
    assert post(start(hangs).url(), seconds=0.3).fault == "timeout"
    assert monotonic() - began < 3


@pytest.mark.parametrize("head", ["HTTP/1.1 200 OK\r\n" + "x: y\r\n" * 1000, "HTTP/1.1 100 Continue\r\n\r\n" * 1000])
def test_who_gives_a_byte_now_and_then_is_left_in_time(start: Start, head: str):
    began = monotonic()
    assert post(start(drips(head)).url(), seconds=0.4).fault == "timeout"
    assert monotonic() - began < 3


def test_who_hangs_while_tls_begins_is_left_in_time():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = monotonic()
        answer = post(f"https://hooks.example:{silent.getsockname()[1]}/", seconds=0.3)
    assert answer.fault == "timeout"
    assert monotonic() - began < 3


def test_of_a_body_without_an_end_only_its_beginning_is_read(start: Start):
    stranger = start(pours)
    answer = post(stranger.url())
    assert (answer.status, answer.text) == (500, "x" * KEPT)
    assert stranger.poured < 50_000_000


def test_a_body_that_does_not_come_changes_nothing_of_what_was_answered(start: Start):
    def begins(stranger: Stranger, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nyes")
        hangs(stranger, connection)

    began = monotonic()
    answer = post(start(begins).url())
    assert (answer.status, answer.text) == (200, "yes")
    assert monotonic() - began < 3


@pytest.mark.parametrize(
    ("manner", "fault"),
    [
        (closes, "connection_lost"),
        (says("HTTP/1.1 200 O"), "connection_lost"),
        (says("HTTP/1.1 200 OK\r\nContent-Le"), "connection_lost"),
        (says("SSH-2.0-whatever\r\n\r\n"), "answer_invalid"),
        (says("HTTP/1.1 200 OK\r\n" + "x" * 300_000), "answer_invalid"),
    ],
)
def test_what_is_no_answer_is_told_by_its_kind(start: Start, manner: Manner, fault: str):
    answer = post(start(manner).url())
    assert (answer.status, answer.fault) == (None, fault)


def test_an_answer_cut_off_in_its_body_is_an_answer(start: Start):
    answer = post(start(says("HTTP/1.1 500 Oh\r\nContent-Length: 900\r\n\r\nhalf of")).url())
    assert (answer.status, answer.text) == (500, "half of")


def test_what_is_no_text_is_kept_as_far_as_it_can_be(start: Start):
    answer = post(start(lambda _, connection: connection.sendall(b"HTTP/1.1 500 Oh\r\nContent-Length: 4\r\n\r\na\x00\xffb")).url())
    assert answer.text == "a\ufffd\ufffdb"


def test_where_nobody_listens_the_connection_fails():
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    assert post(f"http://127.0.0.1:{port}/").fault == "connection_failed"


def test_of_several_addresses_the_next_is_tried(start: Start):
    assert post(start(answers(204)).url("hooks.example"), Names(["127.0.0.9", "127.0.0.1"])).status == 204


def test_a_host_without_an_address_is_told():
    assert post("http://hooks.example/", Names(socket.gaierror(socket.EAI_NONAME, "no"))).fault == "host_unknown"


def test_a_host_that_was_public_and_leads_into_our_house_by_now_is_not_connected_to(start: Start):
    stranger = start(answers(200))
    names = Names(["93.184.215.14"], ["127.0.0.1"])
    PublicAddresses(names).check(stranger.url("hooks.example", "https"))
    assert post(stranger.url("hooks.example"), names, anywhere=False).fault == "address_refused"
    assert stranger.requests == []


def test_one_private_address_among_others_is_enough_to_refuse_the_host(start: Start):
    stranger = start(answers(200))
    assert post(stranger.url("hooks.example"), Names(["93.184.215.14", "127.0.0.1"]), anywhere=False).fault == "address_refused"
    assert stranger.requests == []
