"""A run of OpenSearch on nothing, once for each set of jars, so that every later start is a quick one."""

import contextlib
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from infrastructure.embedded import EngineFailed, archive, java
from infrastructure.embedded.opensearch import OpenSearch

WRITTEN_WITHIN = 120.0
"""Seconds that the end may take, which writes the archive."""

SEARCHES = 200
WORDS = ("maize", "sugar", "cooking", "oil", "boat", "yacht", "motor", "cement")
MAPPING = {"properties": {"words": {"type": "text"}, "sort": {"type": "keyword"}, "amount": {"type": "long"}}}


class Rehearsal:
    """`run()` returns when the archive is there, or cannot be had; another thread may `stop()` it."""

    def __init__(self, jar_folder: Path, repository: str) -> None:
        self._jars = jar_folder.resolve()
        self._repository = repository
        self._node: OpenSearch | None = None
        self._unwanted = False

    def run(self) -> None:
        with contextlib.suppress(EngineFailed, httpx.HTTPError, OSError):
            made = archive.place(java.runtime(), self._jars)
            if made is None or made.exists():
                return
            with TemporaryDirectory(prefix="tradewind-") as folder:
                part = Path(folder) / made.name
                self._record(Path(folder), part)
                if part.exists() and not self._unwanted:
                    # Beside its place first: the folders may lie on two disks.
                    draft = made.with_suffix(".part")
                    draft.write_bytes(part.read_bytes())
                    draft.replace(made)

    def stop(self) -> None:
        self._unwanted = True
        if self._node:
            self._node.stop(within=0)

    def _record(self, folder: Path, part: Path) -> None:
        node = self._node = OpenSearch(folder, folder / "run", self._jars, self._repository, lambda _: None, recording=part)
        try:
            if not self._unwanted:
                node.start()
                exercise(node.url)
        finally:
            node.stop(0 if self._unwanted else WRITTEN_WITHIN)


def exercise(url: str) -> None:
    """Some of what it will be asked for: documents, words, filters, counts."""
    with httpx.Client(base_url=url, trust_env=False, timeout=30) as http:
        http.put("/rehearsal", json={"mappings": MAPPING}).raise_for_status()
        http.post("/_bulk", content=documents(), headers={"Content-Type": "application/x-ndjson"}).raise_for_status()
        http.post("/rehearsal/_refresh").raise_for_status()
        for number in range(SEARCHES):
            http.post("/rehearsal/_search", json=search(WORDS[number % len(WORDS)])).raise_for_status()


def documents() -> str:
    lines: list[str] = []
    for number in range(SEARCHES):
        word = WORDS[number % len(WORDS)]
        lines += [json.dumps({"index": {"_index": "rehearsal"}}), json.dumps({"words": f"{word} {number}", "sort": word, "amount": number})]
    return "\n".join([*lines, ""])


def search(word: str) -> dict[str, Any]:
    found = {"match": {"words": {"query": word, "fuzziness": "AUTO"}}}
    return {
        "query": {"bool": {"must": [found], "filter": [{"range": {"amount": {"gte": 3}}}]}},
        "aggs": {
            "sorts": {"terms": {"field": "sort"}},
            "steps": {"range": {"field": "amount", "ranges": [{"to": 100}, {"from": 100}]}},
        },
        "sort": [{"_score": "desc"}, {"amount": "asc"}],
    }
