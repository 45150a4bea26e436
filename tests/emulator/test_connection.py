"""A connection is slow, cut or reset when told so, and else as it should be."""

from __future__ import annotations

import asyncio
from typing import cast

from nimnetcheck.emulator.connection import Connection


class Written:
    """A stream writer that keeps its pieces."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

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


def test_in_one_piece_or_byte_by_byte() -> None:
    assert pieces(0.0) == [b"head"]
    assert pieces(0.0001) == [b"h", b"e", b"a", b"d"]
