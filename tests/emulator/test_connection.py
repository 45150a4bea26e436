"""A connection is slow, cut or reset when told so, and else as it should be."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from nimnetcheck.emulator.connection import Connection


class Written:
    """A stream writer that keeps its pieces."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.closing = False

    @property
    def transport(self) -> Written:
        """Itself: all that is asked of it is whether it is closing."""
        return self

    def is_closing(self) -> bool:
        """Whether the connection has ended."""
        return self.closing

    def write(self, data: bytes) -> None:
        """Keep a piece."""
        self.pieces.append(data)

    async def drain(self) -> None:
        """Nothing waits."""


def pieces(byte_s: float) -> list[bytes]:
    written = Written()
    connection = Connection(cast("asyncio.StreamWriter", written))
    connection.byte_s = byte_s

    async def main() -> None:
        connection.write(b"head")
        await connection.drain()

    asyncio.run(main())
    return written.pieces


def test_after_its_end_nothing_is_written() -> None:
    written = Written()
    written.closing = True
    with pytest.raises(ConnectionResetError):
        Connection(cast("asyncio.StreamWriter", written)).write(b"late")
    assert written.pieces == []


def test_what_is_kept_comes_twice_in_one_piece() -> None:
    written = Written()
    connection = Connection(cast("asyncio.StreamWriter", written))
    connection.keeping = True
    connection.write(b"he")
    connection.write(b"ad")
    connection.repeat()
    assert written.pieces == [b"headhead"]


def test_in_one_piece_or_byte_by_byte() -> None:
    assert pieces(0.0) == [b"head"]
    assert pieces(0.0001) == [b"h", b"e", b"a", b"d"]
