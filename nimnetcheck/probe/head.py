"""The head of an HTTP answer, read from a stream as it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import h11

if TYPE_CHECKING:
    from nimnetcheck.net import Steps
    from nimnetcheck.net.stream import Stream


def read_head(connection: h11.Connection, stream: Stream, until: float) -> Steps[h11.Response]:
    """The first answer that is not an interim one; raises h11.RemoteProtocolError, EOFError, and the stream's own."""
    while True:
        event = connection.next_event()
        if isinstance(event, h11.Response):
            return event
        if event is h11.NEED_DATA:
            data = yield from stream.receive(until)
            if not data:
                raise EOFError
            connection.receive_data(data)
