"""Each measurement gives its figures; what they are is for quiet machines to say."""

from pathlib import Path

import msgspec
import pytest

from interfaces.cli.roles.bench import ALONE, INSTALLED, bench
from tests.benchmarks.harness.figures import Figure, Shown, shown, times, under


def measured(folder: Path, *names: str) -> list[Shown]:
    target = folder / "figures.json"
    bench(*names, out=target, toy=True)
    return msgspec.json.decode(target.read_bytes(), type=list[Shown])


def test_what_needs_only_a_log_is_measured_beside_its_control(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    figures = measured(tmp_path, "projection")
    assert [each.unit for each in figures] == ["rows/s", "events/s"]
    assert all(each.value > 0 and each.target for each in figures)
    assert figures[1].control
    assert figures[1].ratio
    assert "Tradewind on this machine" in capsys.readouterr().out


def test_a_whole_log_is_verified_and_appends_are_measured_with_a_sealer_behind_them(tmp_path: Path):
    figures = measured(tmp_path, "verify")
    assert [each.name for each in figures] == [
        "verify",
        "verify, a second of a core",
        "sealing a log anew",
        "appends, 32 writers, sealed behind",
    ]
    assert all(each.value > 0 for each in figures)
    assert [bool(each.ratio) for each in figures] == [True, False, False, True]


def test_what_fails_is_named_and_costs_no_other_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setitem(ALONE, "ledger", f"{__name__}:broken")
    target = tmp_path / "figures.json"
    with pytest.raises(SystemExit, match=r"Not measured.*: ledger"):
        bench("projection", "ledger", out=target, toy=True)
    assert len(msgspec.json.decode(target.read_bytes(), type=list[Shown])) == 2
    assert "the books are lost" in capsys.readouterr().err


def broken(*_: object) -> list[Figure]:
    raise RuntimeError("the books are lost")


def test_the_ledger_is_measured_on_entries_of_its_own(tmp_path: Path):
    figures = measured(tmp_path, "ledger")
    assert [each.unit for each in figures] == ["ms", "ms"]
    assert all(each.value > 0 and each.target for each in figures)


def test_a_morning_of_recurring_orders_is_measured_through_a_killed_worker(tmp_path: Path):
    (figure,) = measured(tmp_path, "recurring")
    assert figure.unit == "orders/s"
    assert figure.value > 0


def test_an_evening_of_groups_is_measured_through_a_killed_worker(tmp_path: Path):
    (figure,) = measured(tmp_path, "closing")
    assert figure.unit == "groups/s"
    assert figure.value > 0


def test_a_shops_invoices_are_replayed_until_all_of_them_add_up(tmp_path: Path):
    rows, orders = measured(tmp_path, "retail")
    assert (rows.unit, orders.unit) == ("rows/s", "orders/s")
    assert "109 rows: 78 accepted, 23 repaired, 8 refused" in rows.note
    assert "at zero" in orders.note


def test_long_streams_are_measured_beside_short_ones(tmp_path: Path):
    (figure,) = measured(tmp_path, "streams")
    assert (figure.unit, figure.target) == ("µs", "< 2 times")
    assert figure.control


def test_a_log_is_read_and_streams_are_loaded_beside_the_librarys(tmp_path: Path):
    figures = measured(tmp_path, "reading", "loading")
    assert [each.target for each in figures] == ["≥ 2 times", "≥ 0.6 times", None, None, None, None]
    assert [each.name for each in figures[2:]] == [
        f"load of a stream of {length} events, {way}" for length in (10, 100) for way in ("with snapshots", "without")
    ]
    assert all(each.value > 0 and each.control for each in figures)


def test_sealed_private_appends_are_measured_beside_three_other_ways(tmp_path: Path):
    figures = measured(tmp_path, "writers")
    assert [each.note.removeprefix("control: ") for each in figures] == [
        "a bare INSERT",
        "the library's default",
        "a bare INSERT under an exclusive advisory lock",
    ]
    assert all(each.value > 0 and each.control for each in figures)


def test_a_whole_installation_is_measured_over_http(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    figures = measured(tmp_path, *(name for name in INSTALLED if name != "start"))
    assert {"import while all read models follow", "listing page, 16 connections", "command, 16 connections", "search, p99"} <= {
        each.name for each in figures
    }
    assert all(each.value > 0 for each in figures if "search," not in each.name)
    assert "Memory" in capsys.readouterr().err


def test_what_nobody_measures_is_refused():
    with pytest.raises(SystemExit, match=r"Not measured: beauty"):
        bench("beauty")


def test_a_target_is_for_the_ratio_or_for_the_value():
    assert [shown(Figure("appends", value, "events/s", 100.0, times(0.5))).reached for value in (49.0, 50.0)] == [False, True]
    assert [shown(Figure("delay", value, "s", target=under(1.5))).reached for value in (1.49, 1.5)] == [True, False]
    assert shown(Figure("rate", 5.0, "requests/s")).reached is None
