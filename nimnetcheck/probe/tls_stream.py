"""TLS on top of a connection, driven through memory so that the socket stays in the hands of the probe."""

from __future__ import annotations

import ssl
from contextlib import suppress
from typing import TYPE_CHECKING

from nimnetcheck.net.stream import FIRST_BYTES, Stream

if TYPE_CHECKING:
    from nimnetcheck.net import Steps

READ_BYTES = 65536
HANDSHAKE, CERTIFICATE = 22, b"\x0b"  # a record that begins with our own, empty Certificate (RFC 5246, 7.4.6)


def first_flight(context: ssl.SSLContext, server_name: str | None) -> bytes:
    """The ClientHello as it goes over the wire; nothing is sent."""
    outgoing = ssl.MemoryBIO()
    with suppress(ssl.SSLWantReadError):
        context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname=server_name).do_handshake()
    return outgoing.read()


class TlsStream(Stream):
    """A connection with TLS on top; raises what `Stream` raises, ssl.SSLError, and EOFError where it ends too soon.

    What is below may be TLS itself, to a proxy. `hello_octets` is how long our ClientHello was. `certificate_asked`
    says that the other side, verified by then, wanted a client certificate (TLS 1.2; in 1.3 the refusal comes behind
    the handshake).
    """

    def __init__(self, below: Stream, context: ssl.SSLContext, server_name: str | None) -> None:
        super().__init__(below.sock)
        self.below = below
        self.certificate_asked = False
        self.hello_octets = 0
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=server_name)

    def handshake(self, until: float) -> Steps[None]:
        """Agree on keys, and verify as the context says."""
        while True:
            try:
                self.tls.do_handshake()
            except ssl.SSLWantReadError:  # noqa: PERF203 (how TLS asks for more; the try costs nothing beside it)
                yield from self._exchange(until)
            except ssl.SSLError:
                with suppress(OSError):
                    yield from self._flush(until)  # the alert that says why we leave
                raise
            else:
                yield from self._flush(until)
                return

    def send(self, data: bytes, until: float) -> Steps[None]:
        """Send all of it, encrypted; to write nothing is, on Python 3.9, an end of the connection."""
        if data:
            self.tls.write(data)
            yield from self._flush(until)

    def receive(self, until: float) -> Steps[bytes]:
        """What there is, at least a byte; empty when the other side has closed."""
        while True:
            try:
                return self.tls.read(READ_BYTES)
            except ssl.SSLWantReadError:  # noqa: PERF203 (how TLS asks for more; the try costs nothing beside it)
                yield from self._exchange(until)
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                return b""

    def _exchange(self, until: float) -> Steps[None]:
        yield from self._flush(until)
        data = yield from self.below.receive(until)
        if data:
            self.received += len(data)
            self.first = (self.first + data)[:FIRST_BYTES]
            self._incoming.write(data)
        elif self.tls.version() is None:
            raise EOFError
        else:
            self._incoming.write_eof()

    def _flush(self, until: float) -> Steps[None]:
        data = self._outgoing.read()
        if data:
            self.hello_octets = self.hello_octets or len(data)
            self.certificate_asked |= data[0] == HANDSHAKE and data[5:6] == CERTIFICATE
            yield from self.below.send(data, until)
