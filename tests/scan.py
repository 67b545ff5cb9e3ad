"""Looks for a person's values in every engine: each table, key and document, whatever it is for."""

import base64
import email
import re
from collections.abc import Iterable, Iterator, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, cast

import psycopg
from msgspec import Struct
from opensearchpy import OpenSearch
from psycopg import sql

from infrastructure.readstores.redis import Client

TABLES = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_%' ORDER BY 1, 2
"""
HEX = re.compile(r"\\+x((?:[0-9a-f]{2})+)")


class Engines(Struct, frozen=True):
    """`prefix` is what the names of this installation's indices begin with."""

    database: str
    redis: Client
    opensearch: OpenSearch
    prefix: str


def found(values: Iterable[str], engines: Engines) -> dict[str, list[str]]:
    """By place (a table, a key, an index): the values that stand there, as text, in bytes, in base64 or in a mail."""
    wanted = [each.casefold() for each in values]
    places: dict[str, set[str]] = {}
    for place, text in (*postgres(engines.database), *redis(engines.redis), *opensearch(engines.opensearch, engines.prefix)):
        said = text.casefold()
        if here := [each for each in wanted if each in said]:
            places.setdefault(place, set()).update(here)
    return {place: sorted(here) for place, here in sorted(places.items())}


def postgres(url: str) -> Iterator[tuple[str, str]]:
    with psycopg.connect(url, autocommit=True) as connection:
        for schema, table in connection.execute(TABLES).fetchall():
            query = sql.SQL("SELECT t::text FROM {} AS t").format(sql.Identifier(schema, table))
            for (row,) in connection.execute(query).fetchall():
                yield f"{schema}.{table}", "\n".join((row, *(readable(bytes.fromhex(each)) for each in HEX.findall(row))))


def readable(stored: bytes) -> str:
    """Bytes as text; of a mail its parts too, and of what looks like base64 what it stands for."""
    text = stored.decode(errors="replace")
    if stored.startswith((b"From:", b"Message-ID:", b"Subject:", b"To:", b"Date:")) or b"\nMIME-Version:" in stored:
        message = email.message_from_bytes(stored, _class=EmailMessage, policy=SMTP)
        heads = [f"{name}: {value}" for name, value in message.items()]
        parts = [str(part.get_content()) for part in message.walk() if not part.is_multipart() and part.get_content_maintype() == "text"]
        text = "\n".join((text, *heads, *parts))
    return "\n".join((text, *decoded(text)))


def decoded(text: str) -> Iterator[str]:
    for each in re.findall(r"[A-Za-z0-9+/]{24,}={0,2}", text):
        try:
            yield base64.b64decode(each, validate=True).decode(errors="replace")
        except ValueError:
            continue


def redis(client: Client) -> Iterator[tuple[str, str]]:
    every: dict[str, Any] = {
        "string": client.get,
        "hash": client.hgetall,
        "set": client.smembers,
        "list": lambda key: client.lrange(key, 0, -1),
        "zset": lambda key: client.zrange(key, 0, -1, withscores=True),
        "stream": client.xrange,
    }
    for key in cast("Sequence[bytes]", list(client.scan_iter())):
        kind = cast("bytes", client.type(key)).decode()
        yield f"redis {key.decode()}", f"{key.decode()}\n{every[kind](key)}"


def opensearch(client: OpenSearch, prefix: str) -> Iterator[tuple[str, str]]:
    """Every document as indexed, tombstones too; and how many overwritten ones are still in the segments."""
    client.indices.refresh(index=f"{prefix}*")
    for name in sorted(cast("dict[str, Any]", client.indices.get(index=f"{prefix}*"))):
        answer = client.search(index=name, body={"size": 10_000, "query": {"match_all": {}}})
        for hit in answer["hits"]["hits"]:
            yield f"opensearch {name.removeprefix(prefix)}", f"{hit['_id']} {hit['_source']}"


def overwritten(client: OpenSearch, prefix: str) -> int:
    """Documents that are out of sight and still on the disk."""
    stats = client.indices.stats(index=f"{prefix}*", metric="docs")
    return stats["_all"]["primaries"]["docs"]["deleted"]
