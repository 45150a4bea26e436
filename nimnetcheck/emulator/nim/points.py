"""A NIM's data points: sent straight to the collector, never through the forward proxy, while its telemetry is on.

An analogue: which points there are, what triggers them, the range and the port are documented; the wire format is not.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import attrs
import h2.config
import h2.connection
import h2.events

from nimnetcheck.emulator import otlp

if TYPE_CHECKING:
    import ssl
    from collections.abc import Sequence

    from nimnetcheck.emulator.nim.state import State

TIMEOUT_S = 2.0
READ_BYTES = 1 << 16


@attrs.frozen(kw_only=True)
class Destination:
    """Where the points go: an address of the range, where that is dialled, and the name on its certificate."""

    address: str
    dial: tuple[str, int]
    name: str
    context: ssl.SSLContext = attrs.field(repr=False)


class Points:
    """What sends the points, each on a connection of its own, and knows what became of them."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._tasks: set[asyncio.Task[None]] = set()
        self.destination: Destination | None = None  # set when the collector's listener is there

    def send(self, name: str) -> None:
        """Begin to send one point; nothing without a licence, or with the telemetry off."""
        if self._state.licence is None or not self._state.telemetry or self.destination is None:
            return
        task = asyncio.ensure_future(self._export(self.destination, name))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _export(self, destination: Destination, name: str) -> None:
        body = otlp.export(
            {
                "ProjectName": "NIM",
                "ProjectVersion": self._state.version,
                "InstallationID": self._state.asset,
                "DataPoint": name,
            }
        )
        try:
            answer = await asyncio.wait_for(_call(destination, body), TIMEOUT_S)
        except (OSError, EOFError, asyncio.TimeoutError) as error:
            answer = str(error) or type(error).__name__
        if answer != str(otlp.OK):
            self._state.log.append(f"[error] data point {name}: {answer}")


async def _call(destination: Destination, body: bytes) -> str:
    """The grpc-status of one export; raises OSError and EOFError."""
    reader, writer = await asyncio.open_connection(
        *destination.dial, ssl=destination.context, server_hostname=destination.name
    )
    try:
        connection = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding=None))
        connection.initiate_connection()
        stream = connection.get_next_available_stream_id()
        connection.send_headers(stream, _headers(destination))
        connection.send_data(stream, body, end_stream=True)
        writer.write(connection.data_to_send())
        return await _status(connection, reader, writer)
    finally:
        writer.transport.abort()  # at once: a polite end would outlive an emulation that is being shut down


def _headers(destination: Destination) -> Sequence[tuple[str, str]]:
    return (
        (":method", "POST"),
        (":scheme", "https"),
        (":authority", destination.address),
        (":path", otlp.PATH),
        ("te", "trailers"),
        ("content-type", otlp.CONTENT_TYPE),
        otlp.HEADER,
    )


async def _status(
    connection: h2.connection.H2Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> str:
    """Read until the stream ends; the status stands in its head or in its trailers."""
    status = ""
    while True:
        data = await reader.read(READ_BYTES)
        if not data:
            raise EOFError("closed before the answer was whole")
        for event in connection.receive_data(data):
            if isinstance(event, (h2.events.ResponseReceived, h2.events.TrailersReceived)):
                status = dict(event.headers).get(b"grpc-status", status.encode()).decode()
            if isinstance(event, h2.events.StreamEnded):
                return status
        writer.write(connection.data_to_send())
