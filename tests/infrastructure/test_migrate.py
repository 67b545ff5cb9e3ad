from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import psycopg
import pytest

from infrastructure.migrate import LOCK, MigrationError, migrate, migrations


def write(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.sql").write_text(text)


def test_processes_that_start_together_run_every_migration_once(empty_database: str):
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as processes:
        done = list(processes.map(migrate, [empty_database] * 4))
    assert sorted(name for names in done for name in names) == [each.name for each in migrations()]
    assert migrate(empty_database) == []


def test_each_is_told_before_it_runs(empty_database: str, tmp_path: Path):
    write(tmp_path, "0002_second", "SELECT broken")
    write(tmp_path, "0001_first", "CREATE TABLE first ()")
    told: list[str] = []
    with pytest.raises(MigrationError, match="0002_second"):
        migrate(empty_database, told.append, tmp_path)
    assert told == ["0001_first", "0002_second"]


def test_a_migration_that_fails_leaves_nothing_and_runs_again_once_it_is_mended(empty_database: str, tmp_path: Path):
    write(tmp_path, "0001_first", "CREATE TABLE first (); SELECT broken")
    with pytest.raises(MigrationError):
        migrate(empty_database, folder=tmp_path)
    write(tmp_path, "0001_first", "CREATE TABLE first ()")
    assert migrate(empty_database, folder=tmp_path) == ["0001_first"]


def test_a_migration_that_was_changed_after_it_ran_is_refused(empty_database: str, tmp_path: Path):
    write(tmp_path, "0001_first", "CREATE TABLE first ()")
    migrate(empty_database, folder=tmp_path)
    write(tmp_path, "0001_first", "CREATE TABLE other ()")
    with pytest.raises(MigrationError, match="0001_first was changed"):
        migrate(empty_database, folder=tmp_path)


def test_another_release_that_knows_more_migrations_is_left_alone(empty_database: str, tmp_path: Path):
    write(tmp_path, "0001_first", "CREATE TABLE first ()")
    write(tmp_path, "0002_second", "CREATE TABLE second ()")
    migrate(empty_database, folder=tmp_path)
    (tmp_path / "0002_second.sql").unlink()
    assert migrate(empty_database, folder=tmp_path) == []


def test_a_reader_is_not_held_up_by_the_lock_of_a_migration(database: str):
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s, %s)", LOCK)
        connection.execute("SELECT nextval('events_position')")
        assert connection.execute("SELECT stable_position()").fetchall() == [(1,)]
