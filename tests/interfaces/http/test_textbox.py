"""The local box of text messages."""

from collections.abc import Generator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from litestar.testing import TestClient

from interfaces.http.app import Edge, Side, create_app
from interfaces.http.pages.dev.textbox import TextboxPages
from projections.mailbox import ReceivedText
from tests.interfaces.http.test_mailbox import HOSTILE, Nobody

ANA, BEN = "+351910000001", "+351910000002"


class Nowhere:
    async def wait_for(self, projection: str, position: int, seconds: float) -> bool:
        raise AssertionError((projection, position, seconds))


class Box:
    """Five texts to Ana and Ben by turns."""

    def __init__(self) -> None:
        at = datetime(2026, 5, 1, tzinfo=UTC)
        self.texts = [ReceivedText(n, UUID(int=n), BEN if n % 2 else ANA, f"{n} {HOSTILE}", at) for n in range(5, 0, -1)]

    def newest(self, limit: int, before: int | None = None, to: str | None = None) -> Sequence[ReceivedText]:
        return [each for each in self.texts if (before is None or each.number < before) and to in (None, each.to)][:limit]


@pytest.fixture
def client() -> Generator[TestClient[Any]]:
    edge = Edge(Nobody(), uuid4, Nowhere(), 1000)
    with TestClient(create_app(edge, [Side([TextboxPages], {"textbox": Box()})])) as client:
        yield client


def test_texts_are_shown_as_words_and_never_as_markup(client: TestClient[Any]):
    page = client.get("/dev/mail/texts")
    assert page.status_code == 200
    assert HOSTILE not in page.text
    assert page.text.count("&lt;script&gt;") == 5
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_programs_read_texts_page_by_page_and_by_number(client: TestClient[Any]):
    first = client.get("/dev/mail/texts/messages?limit=2").json()
    assert [each["number"] for each in first["items"]] == [5, 4]
    assert [each["number"] for each in client.get(f"/dev/mail/texts/messages?limit=9&before={first['next']}").json()["items"]] == [3, 2, 1]
    to_ana = client.get("/dev/mail/texts/messages", params={"to": ANA}).json()
    assert ([each["number"] for each in to_ana["items"]], to_ana["next"]) == ([4, 2], None)
