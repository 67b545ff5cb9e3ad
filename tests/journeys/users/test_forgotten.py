"""Nothing of a person is left in any engine once he is forgotten, but the papers that the law wants kept."""

import json
from collections.abc import Generator
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import psycopg
import pytest

from infrastructure.forgetting.holdings import OTHERS
from infrastructure.projector.refolding import mend
from infrastructure.readstores.bookkeeping import Connection
from infrastructure.readstores.opensearch import OpenSearchStore
from infrastructure.readstores.postgres import PostgresStore
from infrastructure.readstores.redis import RedisStore
from projections.catalogue import PROJECTIONS
from tests import scan
from tests.infrastructure.invoices.reading import pages
from tests.journeys.market import Market
from tests.journeys.users.quill import WORDS, Quill

SOON = timedelta(minutes=1)

VIEWS = (
    "billing_details",
    "deliveries",
    "inquiries",
    "messages",
    "orders",
    "papers",
    "reported_messages",
    "standing_details",
    "suppliers",
    "user_profile",
)
PLACES = {
    *(f"public.view_{name}_v1" for name in VIEWS),
    *(f"public.{name}" for name in ("import_files", "import_rows", "local_mail", "local_texts")),
}
"""Where he is found before; that the scan finds him there is what its silence afterwards is worth."""


@pytest.fixture
def market(database: str, opensearch_url: str, index_prefix: str, redis_url: str) -> Generator[Market]:
    market = Market(database, opensearch_url, index_prefix, redis_url=redis_url)
    market.settle()
    yield market
    market.close()


@pytest.fixture
def engines(market: Market, database: str, index_prefix: str) -> scan.Engines:
    return scan.Engines(database, market.container.redis, market.container.opensearch, index_prefix)


def mended(market: Market, database: str) -> None:
    """What projectors do beside following the log."""
    with psycopg.connect(database, autocommit=True) as connection:
        stores = {
            "postgres": PostgresStore(connection),
            "redis": RedisStore(connection, market.container.redis),
            "opensearch": OpenSearchStore(connection, market.container.opensearch, market.container.index_prefix),
        }
        for projection in PROJECTIONS:
            while mend(connection, stores[projection.engine], market.container.log, projection):
                pass


def open_erasures(connection: Connection) -> int:
    row = connection.execute("SELECT count(*) FROM erasures WHERE done_at IS NULL").fetchone()
    return row[0] if row else 0


def taken_away(quill: Quill, market: Market) -> None:
    """He has everything before, and nothing of what others have said."""
    response = quill.zeb.ask("GET", "/v1/me/export")
    assert (response.status_code, response.headers["content-type"]) == (200, "application/zip")
    with ZipFile(BytesIO(response.content)) as archive:
        held: dict[str, list[Any]] = {name.removesuffix(".json"): json.loads(archive.read(name)) for name in archive.namelist()}
    assert {len(held[name]) for name in ("profile", "inquiries", "conversations", "suppliers", "recurring-orders", "sessions")} == {1}
    assert {each["sellerId"] for each in held["orders"]} == {market.ana.id, quill.zeb.id}
    assert [each["name"] for each in held["profile"][0]["addresses"]] == ["Zebedee Quill"]
    events = {each["type"]: each["data"] for each in held["events"]}
    assert events["conversations.MessagePosted"]["text"] == "The ferry was late"
    assert events["invoices.InvoiceIssued"]["buyer"] == OTHERS
    assert events["invoices.InvoiceIssued"]["seller"]["name"] == "Quill Trading"


def test_nothing_of_him_is_left_anywhere_but_on_his_papers(market: Market, engines: scan.Engines, database: str):
    quill = Quill(market)
    admin = market.admin()
    taken_away(quill, market)
    before = scan.found(WORDS, engines)
    assert before.keys() >= PLACES
    asked = admin.post(f"/v1/admin/users/{quill.zeb.id}/erase", {"graceDays": 0})
    assert asked["blocking"] == []
    assert [each["kind"] for each in asked["kept"]] == ["invoice"]
    market.later(SOON)
    mended(market, database)
    market.later(SOON)

    assert scan.found(WORDS, engines) == {}
    with psycopg.connect(database, autocommit=True) as connection:
        assert open_erasures(connection) == 0

    auditor = admin  # admins and auditors alone, of all there are
    for paper in quill.papers:
        response = auditor.ask("GET", f"/v1/invoices/{paper}/pdf")
        assert any("Quill" in page for page in pages(response.content))
        assert {each.ask("GET", f"/v1/invoices/{paper}/pdf").status_code for each in (market.ana, market.cara)} == {404}
