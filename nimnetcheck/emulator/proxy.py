"""A forward proxy: CONNECT to the emulated names on port 443, with or without credentials."""

from __future__ import annotations

import asyncio
import base64
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

import attrs
import h11

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimnetcheck.emulator.faults import Faults

MAX_HEAD = 16384
CHUNK_BYTES = 1 << 16
REFUSALS: Mapping[str, int] = {"proxy-407": 407, "proxy-403": 403, "proxy-502": 502}


@attrs.frozen(kw_only=True)
class Forward:
    """A forward proxy as a client knows it, and what CONNECT was asked of it."""

    host: str
    port: int
    username: str
    password: str = attrs.field(repr=False)
    asked: list[str]

    @property
    def authorization(self) -> str:
        """The header's value that it lets through, empty where it asks for none."""
        return basic(self.username, self.password)


def basic(username: str, password: str) -> str:
    """Credentials as a header's value, empty where there are none."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode("ascii") if username else ""


@attrs.define
class Proxy:
    """One proxy; `ends` is where each name's tunnel leads, `asked` what CONNECT was asked for, in order."""

    faults: Faults
    ends: Mapping[str, tuple[str, int]] = attrs.field(factory=dict)
    username: str = ""
    password: str = attrs.field(default="", repr=False)
    asked: list[str] = attrs.field(factory=list)

    @classmethod
    def guarded(cls, faults: Faults) -> Proxy:
        """One that wants credentials."""
        return cls(faults, username="nim", password=secrets.token_urlsafe(16))

    def at(self, host: str, port: int) -> Forward:
        """The proxy as a client knows it."""
        return Forward(host=host, port=port, username=self.username, password=self.password, asked=self.asked)

    @property
    def authorization(self) -> str:
        """The header's value that it lets through, empty where it asks for none."""
        return basic(self.username, self.password)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one client: one CONNECT, then bytes both ways until either side ends."""
        try:
            request = await _request(reader)
            status = self._refusal(request) if request else 400
            if request is None or status:
                writer.write(_answer(status))
                await writer.drain()
            else:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await tunnel(reader, writer, self.ends[_authority(request)])
        except (OSError, EOFError):
            pass
        finally:
            writer.close()

    def _refusal(self, request: h11.Request) -> int:
        """The status that refuses it, or 0."""
        if request.method != b"CONNECT":
            return 405
        authority = _authority(request)
        self.asked.append(authority)
        for name, status in REFUSALS.items():
            if self.faults.has(name):
                return status
        given = dict(request.headers).get(b"proxy-authorization", b"").decode("latin-1")
        if self.authorization and not secrets.compare_digest(given.encode(), self.authorization.encode()):
            return 407
        return 0 if authority in self.ends else 403


async def _request(reader: asyncio.StreamReader) -> h11.Request | None:
    """The head of a request, or None for what is none; raises EOFError."""
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD)
    try:
        while True:
            event = connection.next_event()
            if isinstance(event, h11.Request):
                return event
            data = await reader.read(CHUNK_BYTES)
            if not data:
                raise EOFError
            connection.receive_data(data)
    except h11.RemoteProtocolError:
        return None


def _authority(request: h11.Request) -> str:
    return request.target.decode("latin-1").lower()


def _answer(status: int) -> bytes:
    challenge = 'Proxy-Authenticate: Basic realm="emulated"\r\n' if status == 407 else ""  # noqa: PLR2004 (RFC 9110)
    head = f"HTTP/1.1 {status} Refused\r\n{challenge}Content-Length: 0\r\nConnection: close\r\n\r\n"
    return head.encode("ascii")


async def tunnel(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, to: tuple[str, int], first: bytes = b""
) -> None:
    """Carry bytes both ways between a client and a listener, beginning with those already read; raises OSError."""
    far_reader, far_writer = await asyncio.open_connection(*to)
    try:
        far_writer.write(first)
        await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
    finally:
        far_writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry bytes one way, and the end of them too."""
    with suppress(OSError):
        while data := await reader.read(CHUNK_BYTES):
            writer.write(data)
            await writer.drain()
    with suppress(OSError):
        writer.write_eof()
