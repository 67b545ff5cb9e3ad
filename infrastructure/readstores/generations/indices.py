"""The indices of a read model in OpenSearch: one is served behind the alias, others are built or were replaced."""

from collections.abc import Sequence
from typing import Any

from opensearchpy import OpenSearch

from infrastructure.readstores.bookkeeping import Connection
from projections.view import Index


def name_of(index: Index[Any], prefix: str = "") -> str:
    """The name that queries use: an alias for the index that is served."""
    return f"{prefix}{index.name}"


def versioned_name(index: Index[Any], prefix: str = "", generation: int = 1) -> str:
    beside = "" if generation == 1 else f"-g{generation}"
    return f"{prefix}{index.name}-v{index.version}{beside}"


def point(client: OpenSearch, index: Index[Any], prefix: str, name: str) -> None:
    """Let the alias stand for this index, in one step. One that stands for another version stays until that is switched."""
    alias = name_of(index, prefix)
    others: list[str] = list(client.indices.get_alias(name=alias)) if client.indices.exists_alias(name=alias) else []
    if others == [name] or not all(_same_version(index, prefix, each) for each in others):
        return
    actions: list[dict[str, Any]] = [{"remove": {"index": each, "alias": alias}} for each in others if each != name]
    client.indices.update_aliases(body={"actions": [*actions, {"add": {"index": name, "alias": alias}}]})


def replaced(client: OpenSearch, connection: Connection, index: Index[Any], prefix: str) -> Sequence[str]:
    """Indices of this version that are neither served nor built."""
    kept = connection.execute(
        "SELECT generation FROM projection_positions WHERE name = %(name)s AND version = %(version)s UNION"
        " SELECT generation FROM projection_rebuilds WHERE name = %(name)s AND version = %(version)s"
        " AND state IN ('requested', 'building', 'ready')",
        {"name": index.name, "version": index.version},
    )
    names = {versioned_name(index, prefix, generation) for (generation,) in kept.fetchall()}
    found: list[str] = list(client.indices.get(index=f"{versioned_name(index, prefix)}*"))
    return [each for each in found if _same_version(index, prefix, each) and each not in names]


def _same_version(index: Index[Any], prefix: str, name: str) -> bool:
    first = versioned_name(index, prefix)
    return name == first or name.startswith(f"{first}-g")
