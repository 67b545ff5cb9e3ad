"""Admins bring files of listings in: over HTTP, where the role `work` runs them, or from a terminal."""

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from httpx import Response

from application.imports import boats
from infrastructure.selling.places import Gazetteer
from tests.journeys.town import ADMIN, Person, Town

ROOT = Path(__file__).parents[3]
SELLER = "yard@example.org"
PATIENCE = 60.0

HEADER = "Price,Boat Type,Manufacturer,Type,Year Built,Length,Width,Material,Location,Number of views last 7 days"
BOATS = f"""{HEADER}
CHF 3337,Motor Yacht,Rigiflex power boats,new boat from stock,2017,4,1.9,,Switzerland Â» Lake Geneva Â» VÃ©senaz,226
EUR 3490,Center console boat,Terhi power boats,new boat from stock,2020,4,1.5,Thermoplastic,Germany Â» BÃ¶nningstedt,75
CHF 3770,Sport Boat,Marine power boats,new boat from stock,0,3.69,1.42,Aluminium,Switzerland Â» Lake of Zurich Â» StÃ¤fa ZH,124
DKK 25900,Sport Boat,Pioner power boats,new boat from stock,2020,3,1,,Denmark Â» Svendborg,64
EUR 3399,Fishing Boat,Linder power boats,new boat from stock,2019,3.55,1.46,Aluminium,Germany Â» Bayern Â» MÃ¼nchen,58
CHF 3600,Catamaran,,"Used boat,Unleaded",1999,6.2,2.38,Aluminium,"Switzerland Â» Neuenburgersee Â»
Yvonand",474
3500,Fishing Boat,Terhi power boats,"Used boat,Electric",1987,4.35,1.75,GRP,Switzerland Â» Seengen,239
EUR 3300,Pontoon Boat,Whaly power boats,new boat from stock,2018,4.35,1.73,,Italy Â» Dormelletto,180
EUR 3300,Pontoon Boat,Whaly power boats,new boat from stock,2018,4.35,1.73,,Italy Â» Dormelletto,181
EUR 3333,Fishing Boat,Crescent power boats
Â£ 12500,Sport Boat,Marine power boats,Used boat,2005,5.1,2,GRP,United Kingdom Â» Poole,12
EUR 9000,Sport Boat,Quicksilver power boats,Used boat,2011,5,2.1,GRP,Germany » Kiel,31
""".encode()
OUTCOMES = {"accepted": 1, "repaired": 8, "refused": 3}
REFUSALS = {7: "currency_missing", 9: "duplicate_of_row", 10: "row_ragged"}


PLACES = Gazetteer()
"""Of all tests here: to read where all towns are takes seconds."""


@pytest.fixture
def town(database: str) -> Generator[Town]:
    opened = Town(database)
    opened.container.import_readers = {"boats": lambda file: boats.read(file, PLACES)}
    yield opened
    opened.close()


@pytest.fixture
def yard(town: Town) -> Person:
    return town.registered(SELLER, "The yard")


def bring(town: Town, who: Person, content: bytes, asked: str, **headers: str) -> Response:
    given = {"Content-Type": "text/csv"} | {name.replace("_", "-"): value for name, value in headers.items()}
    if who.tokens:
        given["Authorization"] = f"Bearer {who.tokens['accessToken']}"
    return town.http.post(f"/v1/imports?{asked}", content=content, headers=given)


def brought(town: Town, who: Person, content: bytes, asked: str) -> str:
    """The path of a new import."""
    answer = bring(town, who, content, asked)
    assert answer.status_code == 202, answer.text
    assert answer.json()["actions"] == ["cancel"]
    assert answer.headers["Location"] == f"/v1/imports/{answer.json()['id']}"
    return answer.headers["Location"]


def work(town: Town) -> None:
    town.container.reactor.catch_up()
    town.container.worker.empty()


def refused(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_file_is_brought_in_and_every_row_accounted_for(town: Town, yard: Person):
    ada = town.admin()
    path = brought(town, ada, BOATS, f"format=boats&seller={yard.id}&publish=true")
    begun = ada.get(path)
    assert (begun["status"], begun["rows"], begun["actions"]) == ("running", {}, ["cancel"])
    work(town)
    done = ada.get(path)
    assert (done["status"], done["rows"], done["actions"], done["requestedBy"]) == ("completed", OUTCOMES, [], ada.id)
    refusals = ada.get(f"{path}/report?outcome=refused")["items"]
    assert {row["row"]: row["code"] for row in refusals} == REFUSALS
    listings = town.guest().get(f"/v1/listings?kind=classified&category=boats&seller={yard.id}&limit=50")["items"]
    assert len(listings) == 9
    assert all(each["status"] == "published" for each in listings)
    assert any(each["place"]["locality"] == "Bönningstedt" for each in listings)


def test_what_is_not_published_awaits_review(town: Town, yard: Person):
    ada = town.admin()
    brought(town, ada, BOATS, f"format=boats&seller={yard.id}")
    work(town)
    assert town.guest().get(f"/v1/listings?seller={yard.id}")["items"] == []
    assert len(ada.get("/v1/moderation/queue?limit=50")["items"]) == 9


def test_the_same_file_again_names_the_listings_that_are_there(town: Town, yard: Person):
    ada, asked = town.admin(), f"format=boats&seller={yard.id}&publish=true"
    first = brought(town, ada, BOATS, asked)
    work(town)
    again = brought(town, ada, BOATS, asked)
    work(town)
    assert again != first
    assert ada.get(again)["rows"] == {"known": 9, "refused": 3}
    there = {row["row"]: row["listingId"] for row in ada.get(f"{first}/report")["items"] if row["listingId"]}
    assert {row["row"]: row["listingId"] for row in ada.get(f"{again}/report?outcome=known")["items"]} == there
    assert len(town.guest().get(f"/v1/listings?seller={yard.id}&limit=50")["items"]) == 9


def test_the_same_request_again_is_the_same_import(town: Town, yard: Person):
    ada, asked, key = town.admin(), f"format=boats&seller={yard.id}", str(uuid4())
    first = bring(town, ada, BOATS, asked, Idempotency_Key=key)
    again = bring(town, ada, BOATS, asked, Idempotency_Key=key)
    assert (again.status_code, again.json(), again.headers["Location"]) == (202, first.json(), first.headers["Location"])
    assert refused(bring(town, ada, BOATS[:-60], asked, Idempotency_Key=key)) == (422, "idempotency_key_reused")


def test_the_report_is_read_in_pages(town: Town, yard: Person):
    ada = town.admin()
    path = brought(town, ada, BOATS, f"format=boats&seller={yard.id}")
    work(town)
    rows: list[Any] = []
    cursor = ""
    while cursor is not None:
        page = ada.get(f"{path}/report?limit=5{cursor and f'&cursor={cursor}'}")
        rows += page["items"]
        cursor = page["next"]
    assert [row["row"] for row in rows] == list(range(1, 13))
    assert [row["line"] for row in rows][:8] == [2, 3, 4, 5, 6, 7, 9, 10]
    repairs = {repair["field"]: repair for repair in rows[1]["repairs"]}
    assert (repairs["Location"]["was"], repairs["Location"]["now"]) == ("Germany Â» BÃ¶nningstedt", "Germany » Bönningstedt")
    second = ada.get(f"{path}/report?limit=5")["next"]
    for other in (f"{path}/report?cursor=x", f"{path}/report?cursor=5", f"{path}/report?outcome=refused&cursor={second}"):
        assert ada.get(other, 400) == ("bad_cursor", None)


def test_the_report_is_also_a_file(town: Town, yard: Person):
    ada = town.admin()
    path = brought(town, ada, BOATS, f"format=boats&seller={yard.id}")
    work(town)
    answer = ada.ask("GET", f"{path}/report?limit=1", Accept="text/csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(answer.text.splitlines()))
    assert [(row["row"], row["code"]) for row in rows if row["outcome"] == "refused"] == [
        (str(row), code) for row, code in REFUSALS.items()
    ]
    assert len(rows) == 12
    few = ada.ask("GET", f"{path}/report?outcome=accepted", Accept="text/csv").text.splitlines()
    assert len(few) == 2


def test_a_cancelled_import_brings_nothing_more(town: Town, yard: Person):
    ada = town.admin()
    path = brought(town, ada, BOATS, f"format=boats&seller={yard.id}&publish=true")
    assert ada.post(f"{path}/cancel")["actions"] == []
    work(town)
    found = ada.get(path)
    assert (found["status"], found["rows"], found["actions"]) == ("cancelled", {}, [])
    assert ada.post(f"{path}/cancel", status=409) == ("import_ended", None)
    assert ada.post(f"/v1/imports/{uuid4()}/cancel", status=404) == ("import_not_found", None)
    assert ada.get(f"/v1/imports/{yard.id}", 404) == ("import_not_found", None)


def test_an_import_that_runs_elsewhere_is_left_alone_and_tried_again(town: Town, yard: Person):
    ada = town.admin()
    path = brought(town, ada, BOATS, f"format=boats&seller={yard.id}")
    import_id = UUID(path.rsplit("/", 1)[1])
    with psycopg.connect(town.container.settings.database_url, autocommit=True) as database:
        with town.container.import_book.claim(import_id) as ours:
            assert ours
            work(town)
            assert ada.get(path)["status"] == "running"
            assert database.execute("SELECT state, note FROM jobs WHERE kind = 'run_import'").fetchall() == [
                ("due", "RunElsewhere: another process runs this import")
            ]
        database.execute("UPDATE jobs SET due_at = now() WHERE kind = 'run_import'")
        work(town)
    assert ada.get(path)["status"] == "completed"


def test_only_admins_bring_files(town: Town, yard: Person):
    asked = f"format=boats&seller={yard.id}"
    assert refused(bring(town, town.guest(), BOATS, asked)) == (401, "unauthenticated")
    assert refused(bring(town, yard, BOATS, asked)) == (403, "role_missing")
    path = brought(town, town.admin(), BOATS, asked)
    assert yard.get(path, 403) == ("role_missing", None)
    assert yard.get(f"{path}/report", 403) == ("role_missing", None)
    assert yard.post(f"{path}/cancel", status=403) == ("role_missing", None)


def test_files_that_cannot_be_are_refused_at_the_door(town: Town, yard: Person):
    ada, asked = town.admin(), f"format=boats&seller={yard.id}"
    assert refused(bring(town, ada, BOATS, f"format=cars&seller={yard.id}")) == (409, "format_unknown")
    assert refused(bring(town, ada, BOATS, f"format=boats&seller={uuid4()}")) == (404, "seller_not_found")
    assert refused(bring(town, ada, BOATS, f"format=boats&seller={ada.id}&publish=true")) == (409, "own_listing")
    assert refused(bring(town, ada, BOATS, f"format=boats&seller={yard.id}&colour=red")) == (400, "unknown_parameter")
    lacking = bring(town, ada, BOATS, "format=boats")
    assert refused(lacking) == (400, "invalid_parameter")
    assert (lacking.json()["parameter"], lacking.json()["detail"]) == ("seller", "Required.")
    assert refused(bring(town, ada, BOATS, asked, Content_Type="application/json")) == (415, "unsupported_media_type")
    assert refused(bring(town, ada, b"x" * (64 * 1024 * 1024 + 1), asked)) == (413, "body_too_large")


@pytest.mark.parametrize(
    ("content", "code", "detail"),
    [
        (b"", "file_empty", "The first line must name the columns."),
        (BOATS.replace(b"Length,Width,", b""), "column_missing", "The first line lacks: Length, Width."),
        (b"\xff\xfe\x00", "encoding_invalid", "The file must be UTF-8."),
    ],
)
def test_a_file_of_another_kind_fails_as_a_whole_with_the_reason(town: Town, yard: Person, content: bytes, code: str, detail: str):
    ada = town.admin()
    path = brought(town, ada, content, f"format=boats&seller={yard.id}")
    work(town)
    found = ada.get(path)
    assert (found["status"], found["code"], found["detail"], found["rows"]) == ("failed", code, detail, {})


# From a terminal


def fleet(size: int) -> bytes:
    rows = (f"EUR {1000 + number},Sport Boat,Linder power boats,Used boat,2011,5.1,2,GRP,Germany » Kiel,3" for number in range(size))
    return "\n".join([HEADER, *rows]).encode()


class Terminal:
    def __init__(self, town: Town, database: str, folder: Path) -> None:
        self.file = folder / "boats.csv"
        self.database = database
        self.environ = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": database,
            "REDIS_URL": "redis://127.0.0.1:1",
            "OPENSEARCH_URL": "http://127.0.0.1:1",
            "TRADEWIND_ADMIN_EMAIL": ADMIN[0],
            "TRADEWIND_ADMIN_PASSWORD": ADMIN[1],
            "TRADEWIND_SECRET_KEY": town.container.settings.secret_key.reveal(),
            "TRADEWIND_KEY_ENCRYPTION_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        }

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "interfaces.cli", "import", "boats", str(self.file), "--seller", SELLER, *arguments]
        return subprocess.Popen(command, env=self.environ, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *arguments: str) -> tuple[int, str, str]:
        started = self.start(*arguments)
        said, complained = started.communicate(timeout=PATIENCE)
        return started.returncode, said, complained

    def count(self, statement: str) -> int:
        with psycopg.connect(self.database) as connection:
            return (connection.execute(statement).fetchone() or (0,))[0]  # type: ignore[arg-type]

    @property
    def listings(self) -> int:
        return self.count("SELECT count(*) FROM events WHERE type = 'listings.ListingDrafted'")

    @property
    def reported(self) -> list[dict[str, str]]:
        with self.file.with_name("boats.csv.report.csv").open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))


@pytest.fixture
def terminal(town: Town, yard: Person, database: str, tmp_path: Path) -> Terminal:
    assert yard.id
    return Terminal(town, database, tmp_path)


def test_a_file_is_imported_from_a_terminal_with_its_report_beside_it_and_never_twice(terminal: Terminal):
    terminal.file.write_bytes(BOATS)
    code, said, complained = terminal.run("--publish")
    assert code == 0, complained
    assert "1 accepted, 8 repaired, 3 refused, 0 known" in said
    assert {int(row["row"]): row["code"] for row in terminal.reported if row["outcome"] == "refused"} == REFUSALS
    assert terminal.listings == 9
    assert terminal.run("--publish")[:2] == (0, said)
    assert terminal.listings == 9


def test_ctrl_c_ends_an_import_between_two_batches_and_the_next_run_goes_on(terminal: Terminal):
    terminal.file.write_bytes(fleet(4000))
    started = terminal.start()
    deadline = time.monotonic() + PATIENCE
    while not terminal.count("SELECT count(*) FROM import_rows"):
        assert started.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    started.send_signal(signal.SIGINT)
    _, complained = started.communicate(timeout=PATIENCE)
    assert started.returncode == 1
    assert "Stopped. Run the same command again to go on." in complained
    before = terminal.listings
    assert 0 < before < 4000
    assert len(terminal.reported) == before
    code, said, _ = terminal.run()
    assert (code, "4,000 " in said) == (0, True)
    assert terminal.listings == len(terminal.reported) == 4000


def test_a_file_that_is_not_there_or_is_of_another_kind_is_told_in_words(terminal: Terminal):
    code, _, complained = terminal.run()
    assert (code, complained) == (1, f"{terminal.file} cannot be read: No such file or directory.\n")
    terminal.file.write_bytes(b"Colour,Size\nred,7\n")
    code, _, complained = terminal.run("--report", f"{terminal.file}/report.csv")
    assert code == 1
    assert f"The report cannot be written to {terminal.file}/report.csv (Not a directory)" in complained
    code, _, complained = terminal.run()
    assert code == 1
    assert "The file was refused: The first line lacks: Price, Boat Type," in complained


def test_a_seller_nobody_knows_is_told_before_anything_is_brought(terminal: Terminal):
    terminal.file.write_bytes(BOATS)
    terminal.environ["TRADEWIND_ADMIN_EMAIL"] = "nobody@example.org"
    code, _, complained = terminal.run()
    assert (code, terminal.listings) == (1, 0)
    assert "Nobody here has the address nobody@example.org." in complained
