"""Of many searches some are under way, and the others wait in the server."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from infrastructure.readstores import search
from infrastructure.readstores.search import OpenSearchEngine
from projections.listings.index import index
from projections.listings.request import completion
from projections.ports import Unavailable

ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{"hits":{"hits":[]}}'


class Node:
    """Stands for OpenSearch: takes questions, and answers them from when it is told to."""

    def __init__(self) -> None:
        self.asked = 0
        self.arrived = asyncio.Condition()
        self.answering = asyncio.Event()

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
                await reader.readexactly(int(length.partition(b":")[2]))
                async with self.arrived:
                    self.asked += 1
                    self.arrived.notify_all()
                await self.answering.wait()
                writer.write(ANSWER)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def has_been_asked(self, times: int) -> None:
        async with self.arrived:
            await self.arrived.wait_for(lambda: self.asked >= times)


@asynccontextmanager
async def engine(node: Node, at_once: int) -> AsyncGenerator[OpenSearchEngine]:
    async with await asyncio.start_server(node.take, "127.0.0.1") as server:
        port = server.sockets[0].getsockname()[1]
        asked = OpenSearchEngine(search.connect(f"http://127.0.0.1:{port}", at_once))
        try:
            yield asked
        finally:
            await asked.close()


def test_a_node_is_asked_so_many_at_a_time_and_everybody_is_answered():
    async def crowd() -> None:
        node = Node()
        async with engine(node, at_once=2) as asked:
            searches = [asyncio.create_task(asked.search(index, completion("x"))) for _ in range(5)]
            await node.has_been_asked(2)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(node.has_been_asked(3), 0.2)
            node.answering.set()
            assert [len(found.hits.hits) for found in await asyncio.gather(*searches)] == [0] * 5
            assert node.asked == 5

    asyncio.run(crowd())


def test_who_waits_too_long_for_his_turn_is_told_like_everybody_whose_search_is_not_answered(monkeypatch: pytest.MonkeyPatch):
    async def crowd() -> None:
        node = Node()
        async with engine(node, at_once=1) as asked:
            searches = [asked.search(index, completion("x")) for _ in range(3)]
            found = await asyncio.gather(*searches, return_exceptions=True)
            assert [type(each) for each in found] == [Unavailable] * 3
            node.answering.set()
            assert len((await asked.search(index, completion("x"))).hits.hits) == 0

    monkeypatch.setattr(search, "PATIENCE", 0.2)
    asyncio.run(crowd())
