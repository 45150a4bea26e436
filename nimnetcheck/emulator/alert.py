"""A TLS alert in the middle of a handshake, for one name: asyncio drops the alerts that OpenSSL writes.

So a listener stands in front, looks for the name in the ClientHello, where it is readable, and answers itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.emulator.proxy import tunnel

if TYPE_CHECKING:
    import asyncio

    from nimnetcheck.emulator.server import Handle

HELLO_BYTES = 16384
HANDSHAKE_FAILURE = b"\x15\x03\x03\x00\x02\x02\x28"  # a record of two bytes: fatal, 40 (RFC 8446, 6)


def alerting(name: str, behind: tuple[str, int]) -> Handle:
    """Refuse connections to that name; hand all others to the listener behind."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            hello = await reader.read(HELLO_BYTES)
            if name.encode("ascii") in hello:
                writer.write(HANDSHAKE_FAILURE)
                await writer.drain()
            else:
                await tunnel(reader, writer, behind, hello)
        except OSError:
            pass
        finally:
            writer.close()

    return handle
