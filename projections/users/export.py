"""All that is held about a person, topic by topic, for himself to take away."""

from collections.abc import Iterable, Iterator, Sequence
from io import RawIOBase
from typing import Protocol, runtime_checkable
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

Topic = tuple[str, Iterable[bytes]]
"""A name, and JSON values of it."""


@runtime_checkable
class Holdings(Protocol):
    def topics(self, user_id: UUID) -> Sequence[Topic]:
        """What is held about him, read as it is asked for. Raises `projections.ports.Unavailable`."""
        ...


class Sink(RawIOBase):
    """Takes what a zip writes, until it is fetched."""

    def __init__(self) -> None:
        super().__init__()
        self._written: list[bytes] = []
        self.waiting = 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # pyright: ignore[reportIncompatibleMethodOverride] - bytes are all a zip writes
        self._written.append(bytes(data))
        self.waiting += len(data)
        return len(data)

    def take(self) -> bytes:
        taken, self._written, self.waiting = b"".join(self._written), [], 0
        return taken


def zipped(topics: Iterable[Topic]) -> Iterator[bytes]:
    """A zip with a file `<topic>.json` for each, an array; nothing is held but the value being written."""
    sink = Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED) as archive:
        for name, values in topics:
            with archive.open(f"{name}.json", "w") as file:
                separator = b"[\n"
                for value in values:
                    file.write(separator + value)
                    separator = b",\n"
                    yield sink.take()
                file.write(b"[]\n" if separator == b"[\n" else b"\n]\n")
            yield sink.take()
    yield sink.take()
