"""Read models that were changed behind everybody's back."""

from typing import Any, cast

import psycopg

from infrastructure.readstores.generations.tables import REPLACED
from infrastructure.readstores.opensearch import name_of, versioned_name
from infrastructure.readstores.redis import keys
from tests.fakes.boats import boat, boats, coats, lying, quay
from tests.infrastructure.projector.harbours import Harbour, InJournal, InOpenSearch, InPostgres, InRedis


def spoil(harbour: Harbour) -> None:
    """One boat is called otherwise, one is missing, and one is there that never came; counts are one too high."""
    match harbour:
        case InPostgres():
            _run(harbour, f"UPDATE {boats.table} SET document = replace(document::text, 'boat 1', 'wrong')::json WHERE key = '{boat(1)}'")
            _run(harbour, f"DELETE FROM {boats.table} WHERE key = '{boat(2)}'")
            _run(harbour, f"UPDATE {boats.table} SET key = '{boat(99)}' WHERE key = '{boat(3)}'")
        case InJournal():
            _run(harbour, f"UPDATE {coats.table} SET name = 'wrong' WHERE boat_id = '{boat(1)}'")
            _run(harbour, f"UPDATE {coats.table}_colours SET paid = paid + 1")
            _run(harbour, f"DELETE FROM {coats.table}_known WHERE key = '{boat(2)}'")
        case InRedis():
            client = cast("Any", harbour.client)
            client.hset(keys(lying).state, str(boat(1)), '["wrong"]')
            client.hdel(keys(lying).state, str(boat(2)))
            client.hincrby(keys(lying).counts, "moored", 1)
        case InOpenSearch():
            name = name_of(quay, harbour.prefix)
            source = harbour.client.get(index=name, id=str(boat(1)))
            version = {"version": source["_version"], "version_type": "external_gte"}
            harbour.client.index(index=name, id=str(boat(1)), body={**source["_source"], "name": "wrong"}, params=version)
            harbour.client.delete(index=name, id=str(boat(2)), params={"refresh": "true"})
        case _:
            raise TypeError(harbour)


def spoilt(harbour: Harbour, *, replaced: bool = False) -> bool:
    """Whether what was spoilt is there, served or as what was replaced."""
    match harbour:
        case InPostgres():
            return _wrong(harbour, "document::text LIKE '%wrong%'", boats.table, replaced)
        case InJournal():
            return _wrong(harbour, "name = 'wrong'", coats.table, replaced)
        case InRedis():
            state = keys(lying, "replaced:" if replaced else "").state
            return cast("Any", harbour.client).hget(state, str(boat(1))) == b'["wrong"]'
        case InOpenSearch():
            name = versioned_name(quay, harbour.prefix) if replaced else name_of(quay, harbour.prefix)
            if not harbour.client.indices.exists(index=name):
                return False
            return harbour.client.get(index=name, id=str(boat(1)))["_source"]["name"] == "wrong"
        case _:
            raise TypeError(harbour)


def _wrong(harbour: InPostgres | InJournal, condition: str, table: str, replaced: bool) -> bool:
    schema = REPLACED if replaced else "public"
    with psycopg.connect(harbour.database) as connection:
        if connection.execute("SELECT to_regclass(%s)", (f"{schema}.{table}",)).fetchone() == (None,):
            return False
        return connection.execute(f"SELECT EXISTS (SELECT FROM {schema}.{table} WHERE {condition})".encode()).fetchone() == (True,)


def _run(harbour: InPostgres | InJournal, statement: str) -> None:
    with psycopg.connect(harbour.database) as connection:
        connection.execute(statement.encode())
