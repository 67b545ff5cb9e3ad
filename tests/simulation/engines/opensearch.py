"""A stand-in for OpenSearch that knows what the index store asks: multi-get, bulk with external versions, and aliases."""

from typing import Any

import msgspec
from opensearchpy.exceptions import ConnectionError as OpenSearchConnectionError

from tests.simulation.stage import Stage


class SimulatedOpenSearch:
    """Documents by index and id, each with its version; `changed` are the indices that were written to since somebody looked."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.documents: dict[str, dict[str, tuple[int, Any]]] = {}
        self.aliases: dict[str, str] = {}
        self.changed: set[str] = set()
        self.indices = Indices(self)

    def mget(self, *, index: str, body: dict[str, Any]) -> dict[str, Any]:
        self.reached()
        here = self.documents[index]
        docs: list[dict[str, Any]] = []
        for id in body["ids"]:
            found = here.get(id)
            docs.append({"found": True, "_version": found[0], "_source": found[1]} if found else {"found": False})
        return {"docs": docs}

    def bulk(self, *, index: str, body: bytes) -> dict[str, Any]:
        """Each document for itself: who dies in between has written some of them."""
        self.reached()
        lines = body.splitlines()
        items: list[dict[str, Any]] = []
        for action, source in zip(lines[::2], lines[1::2], strict=True):
            what = msgspec.json.decode(action)["index"]
            here, id, version = self.documents[index], what["_id"], what["version"]
            stale = id in here and version <= here[id][0]
            if not stale:
                here[id] = (version, msgspec.json.decode(source))
                self.changed.add(index)
            items.append({"index": {"status": 409 if stale else 200}})
            self._stage.point("a document is written")
        if self._stage.strikes(self._stage.faults.lost):
            self._stage.told("the answer of opensearch is lost")
            raise OpenSearchConnectionError("N/A", "lost", None)
        return {"errors": any(each["index"]["status"] != 200 for each in items), "items": items}

    def reached(self) -> None:
        self._stage.point("ask opensearch")
        if self._stage.strikes(self._stage.faults.refused):
            self._stage.told("opensearch cannot be reached")
            raise OpenSearchConnectionError("N/A", "away", None)


class Indices:
    def __init__(self, engine: SimulatedOpenSearch) -> None:
        self._engine = engine

    def exists(self, *, index: str) -> bool:
        self._engine.reached()
        return index in self._engine.documents

    def exists_alias(self, *, name: str) -> bool:
        return name in self._engine.aliases

    def get_alias(self, *, name: str) -> dict[str, Any]:
        return {self._engine.aliases[name]: {}}

    def create(self, *, index: str, body: dict[str, Any]) -> None:
        self._engine.documents.setdefault(index, {})
        for alias in body.get("aliases", {}):
            self._engine.aliases[alias] = index

    def update_aliases(self, *, body: dict[str, Any]) -> None:
        for action in body["actions"]:
            if "add" in action:
                self._engine.aliases[action["add"]["alias"]] = action["add"]["index"]

    def refresh(self, *, index: str) -> None:
        """What is written is seen."""
