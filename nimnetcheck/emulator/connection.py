"""A client's connection as the server writes to it, and how it can be made to misbehave."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.types import Scope

STATE = "connection"  # under which name a request's scope holds it


class Connection:
    """A stream writer that can be slow, and be ended in ways that HTTP has no words for."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self.byte_s = 0.0  # seconds between two bytes of what is written from now on
        self.keeping = False  # whether what is written waits for `repeat`
        self._waiting = bytearray()

    def write(self, data: bytes) -> None:
        """Send, or keep for `drain` to send slowly, or for `repeat`; raises ConnectionResetError once it has ended."""
        if self._writer.transport.is_closing():
            raise ConnectionResetError
        if self.byte_s or self.keeping:
            self._waiting += data
        else:
            self._writer.write(data)

    async def drain(self) -> None:
        """Send what is waiting, byte by byte."""
        if self.keeping:
            return
        waiting, self._waiting = self._waiting, bytearray()
        for byte in waiting:
            self._writer.write(bytes((byte,)))
            await asyncio.sleep(self.byte_s)
        await self._writer.drain()

    def repeat(self) -> None:
        """Send what was kept twice, in one piece."""
        kept, self._waiting, self.keeping = bytes(self._waiting), bytearray(), False
        self._writer.write(2 * kept)

    def get_extra_info(self, name: str) -> Any:  # noqa: ANN401 (asyncio's own signature)
        """The socket, or what TLS agreed on."""
        return self._writer.get_extra_info(name)

    def write_eof(self) -> None:
        """Half-close, where the transport can."""
        self._writer.write_eof()

    def close(self) -> None:
        """End it when everything is sent."""
        self._writer.close()

    async def wait_closed(self) -> None:
        """Until it has ended."""
        await self._writer.wait_closed()

    def cut(self) -> None:
        """End it at once."""
        self._writer.transport.abort()

    def reset(self) -> None:
        """End it at once, with a RST whatever was read."""
        sock = self._writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    @property
    def shows_certificate(self) -> bool:
        """Whether the client sent a certificate, and TLS found it good."""
        return bool(self._writer.get_extra_info("ssl_object").getpeercert())


def connection_of(scope: Scope) -> Connection:
    """The connection that a request came on."""
    found: Connection = scope["state"][STATE]
    return found
