"""One GET over HTTP/2, for what only a client meets that speaks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import h2.config
import h2.connection
import h2.events
import h2.exceptions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nimnetcheck.net import Steps
    from nimnetcheck.net.stream import Stream

Http2Error = h2.exceptions.ProtocolError
OLDER, CRLF = b"HTTP/1", b"\r\n"
ENDS = (h2.events.StreamReset, h2.events.ConnectionTerminated)


def get(stream: Stream, path: str, authority: str, agent: str, until: float) -> Steps[int]:
    """The status of the answer.

    Raises: Http2Error for what is no HTTP/2 and for a stream that the other side ends, EOFError where the connection
    ended first, and what `stream` raises.
    """
    connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True))
    connection.initiate_connection()
    headers = [(":method", "GET"), (":scheme", "https"), (":authority", authority), (":path", path)]
    connection.send_headers(1, [*headers, ("user-agent", agent), ("accept", "*/*")], end_stream=True)
    while True:
        yield from stream.send(connection.data_to_send(), until)
        data = yield from stream.receive(until)
        if not data:
            raise EOFError
        if data.startswith(OLDER):  # the library would wait for the rest of what it takes for a very long frame
            raise Http2Error(f"the answer is {data.partition(CRLF)[0].decode('ascii', 'replace')}")
        status = _status(connection.receive_data(data))
        if status:
            return status


def _status(events: Iterable[h2.events.Event]) -> int:
    """The status among what came, 0 where there is none yet; raises Http2Error where none will come."""
    for event in events:
        if isinstance(event, h2.events.ResponseReceived):
            return int(dict(event.headers or ())[b":status"])
        if isinstance(event, ENDS):
            raise Http2Error(f"{type(event).__name__}, error {event.error_code}")
    return 0
