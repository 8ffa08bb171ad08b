"""The head of an answer leaves together with the first piece of its body."""

import asyncio
from collections.abc import Iterable

from ingest.asgi.one_piece import InOnePiece


class Wire(asyncio.Transport):
    """Keeps what was handed over at once together."""

    def __init__(self) -> None:
        self.handed_over: list[bytes] = []
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.handed_over.append(bytes(data))

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        self.handed_over.append(b"".join(map(bytes, list_of_data)))

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed


def test_a_head_leaves_with_the_first_piece_of_its_body() -> None:
    wire = Wire()
    answer = InOnePiece(wire)
    answer.write(b"head ")
    assert wire.handed_over == []
    answer.write(b"body, ")
    answer.write(b"more")
    answer.write(b"")
    assert wire.handed_over == [b"head body, ", b"more", b""]


def test_an_empty_body_is_a_body() -> None:
    wire = Wire()
    answer = InOnePiece(wire)
    answer.write(b"head")
    answer.write(b"")
    assert wire.handed_over == [b"head"]


def test_closing_closes_the_connection() -> None:
    wire = Wire()
    answer = InOnePiece(wire)
    assert not answer.is_closing()
    answer.close()
    assert wire.closed
    assert answer.is_closing()
