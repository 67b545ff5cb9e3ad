from collections.abc import Generator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from litestar.testing import TestClient

from interfaces.http.app import Edge, Side, create_app
from interfaces.http.pages.account import AccountPages
from interfaces.http.pages.dev.mailbox import MailboxPages
from projections.mailbox import Received

HOSTILE = "<script>alert(1)</script>"


class Box:
    """Five mails to Ana and Ben by turns."""

    def __init__(self) -> None:
        at = datetime(2026, 5, 1, tzinfo=UTC)
        self.mails = [
            Received(
                n,
                UUID(int=n),
                "ben@x.org" if n % 2 else "ana@x.org",
                f"{n} {HOSTILE}",
                at,
                "t",
                "<head></head>h",
                HOSTILE,
                (f"https://l/{n}",),
            )
            for n in range(5, 0, -1)
        ]

    def newest(self, limit: int, before: int | None = None, to: str | None = None) -> Sequence[Received]:
        return [mail for mail in self.mails if (before is None or mail.number < before) and to in (None, mail.to)][:limit]

    def one(self, id: UUID) -> Received | None:
        return next((mail for mail in self.mails if mail.id == id), None)


class Nobody:
    def remembered(self, bearer: str) -> None: ...
    def check(self, bearer: str) -> None: ...


class Nowhere:
    async def wait_for(self, name: str, position: int, timeout: float) -> bool:  # noqa: ASYNC109
        raise AssertionError((name, position, timeout))


@pytest.fixture(scope="module")
def client() -> Generator[TestClient[Any]]:
    edge = Edge(Nobody(), uuid4, Nowhere(), 1000)  # type: ignore[arg-type]
    with TestClient(create_app(edge, [Side([MailboxPages, AccountPages], {"mailbox": Box()})])) as client:
        yield client


def test_mails_are_listed_newest_first_with_their_subjects_escaped(client: TestClient[Any]):
    page = client.get("/dev/mail").text
    assert page.index("5 &lt;script") < page.index("1 &lt;script")
    assert "<script" not in page


def test_programs_read_mails_by_recipient_and_page(client: TestClient[Any]):
    first = client.get("/dev/mail/messages", params={"to": "ben@x.org", "limit": 2}).json()
    assert [item["number"] for item in first["items"]] == [5, 3]
    assert first["items"][0]["links"] == ["https://l/5"]
    rest = client.get("/dev/mail/messages", params={"to": "ben@x.org", "limit": 2, "before": first["next"]}).json()
    assert ([item["number"] for item in rest["items"]], rest["next"]) == ([1], None)


def test_a_mail_is_shown_in_a_frame_that_runs_nothing(client: TestClient[Any]):
    page = client.get(f"/dev/mail/{UUID(int=3)}")
    assert f'src="/dev/mail/{UUID(int=3)}/html"' in page.text
    assert "<script" not in page.text
    assert "script-src" not in page.headers["Content-Security-Policy"]
    letter = client.get(f"/dev/mail/{UUID(int=3)}/html")
    assert letter.headers["Content-Security-Policy"].startswith("sandbox")


@pytest.mark.parametrize("path", ["", "/html"])
def test_a_mail_that_never_came_is_not_found(client: TestClient[Any], path: str):
    answer = client.get(f"/dev/mail/{UUID(int=9)}{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "mail_not_found")


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "before=x", "what=1"])
def test_bad_parameters_are_refused(client: TestClient[Any], query: str):
    assert client.get(f"/dev/mail/messages?{query}").status_code == 400


@pytest.mark.parametrize("name", ["verify-email", "confirm-email", "reset-password"])
def test_a_link_leads_to_a_page_that_holds_no_words_of_the_link(client: TestClient[Any], name: str):
    page = client.get(f"/account/{name}", params={"token": HOSTILE})
    assert page.status_code == 200
    assert "alert" not in page.text
    assert "data-redeem=" in page.text
