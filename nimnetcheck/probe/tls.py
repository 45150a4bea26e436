"""The TLS rung: a handshake that verifies, and what was seen when it does not."""

from __future__ import annotations

import ssl
from contextlib import suppress
from typing import TYPE_CHECKING

from nimnetcheck.failures import UNVERIFIED, alert, classify, words
from nimnetcheck.model import Failure, Rung
from nimnetcheck.net import DeadlineError
from nimnetcheck.net.stream import Stream, connect
from nimnetcheck.probe.attempt import printable, wire_evidence
from nimnetcheck.probe.certificates import describe, presented
from nimnetcheck.probe.proxy import tunnel

if TYPE_CHECKING:
    from nimnetcheck.model import Observation
    from nimnetcheck.net import Steps
    from nimnetcheck.probe.attempt import Attempt

READ_BYTES = 65536
HANDSHAKE, CERTIFICATE = 22, b"\x0b"  # a record that begins with our own, empty Certificate (RFC 5246, 7.4.6)


class TlsStream(Stream):
    """A connection with TLS on top; raises what `Stream` raises, ssl.SSLError, and EOFError where it ends too soon.

    `certificate_asked` says that the other side, verified by then, wanted a client certificate (TLS 1.2; in 1.3 the
    refusal comes behind the handshake).
    """

    def __init__(self, below: Stream, context: ssl.SSLContext, server_name: str | None) -> None:
        super().__init__(below.sock)
        self.certificate_asked = False
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
        """Send all of it, encrypted."""
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
        data = yield from super().receive(until)
        if data:
            self._incoming.write(data)
        elif self.tls.version() is None:
            raise EOFError
        else:
            self._incoming.write_eof()

    def _flush(self, until: float) -> Steps[None]:
        data = self._outgoing.read()
        if data:
            self.certificate_asked |= data[0] == HANDSHAKE and data[5:6] == CERTIFICATE
            yield from super().send(data, until)


def climb(attempt: Attempt) -> Steps[Observation]:
    """Shake hands, verified against the host's store, for the name if there is one.

    Without a name an answer in TLS is what is asked for: an untrusted chain or an alert is recorded, and still proves
    that bytes came back from behind this network's TCP.
    """
    operation = attempt.begin(Rung.TLS, f"TLS {attempt.target}")
    trust, host = attempt.setup.trust, attempt.target.host
    stream = TlsStream(attempt.connection, trust.named if host else trust.nameless, host)
    try:
        yield from stream.handshake(operation.until_s)
    except (OSError, EOFError) as error:
        failure = classify(error, Rung.TLS, first=stream.first)
        evidence = _failed_evidence(error, failure, stream)
        attempt.close()
        if failure in UNVERIFIED:
            evidence.update(trust_store=trust.store, chain=(yield from _look(attempt, operation.until_s)))
        if failure is Failure.TLS_ALERT and stream.certificate_asked:
            attempt.ended = "tls: the host wants a client certificate"
            return operation.passed({**evidence, "verified": True}, "it wants a client certificate: the path is open")
        if not host and failure in {*UNVERIFIED, Failure.TLS_ALERT}:
            return operation.passed(evidence, f"answered in TLS; {words(error)}")
        return operation.failed(failure, _detail(error, failure, evidence), evidence)
    attempt.stream = stream
    return operation.passed(_evidence(stream))


def _evidence(stream: TlsStream) -> dict[str, object]:
    cipher = stream.tls.cipher()
    return {
        "version": stream.tls.version(),
        "cipher": cipher[0] if cipher else None,
        "alpn": stream.tls.selected_alpn_protocol(),
        "verified": True,
        "bytes_received": stream.received,
        "chain": [describe(der) for der in presented(stream.tls)],
    }


def _failed_evidence(error: Exception, failure: Failure, stream: TlsStream) -> dict[str, object]:
    evidence = {"verified": False, "bytes_received": stream.received, **wire_evidence(error)}
    code, sent = getattr(error, "verify_code", None), alert(error)
    if code:
        evidence["verify_code"] = code
    if sent:
        evidence["alert"] = {"number": sent[0], "name": sent[1]}
    if failure is Failure.TLS_NOT_TLS:
        evidence["first_bytes"] = printable(stream.first)
    return evidence


def _detail(error: Exception, failure: Failure, evidence: dict[str, object]) -> str:
    chain = evidence.get("chain")
    if failure in UNVERIFIED and isinstance(chain, list) and chain:
        return f"{words(error)}; issued by {chain[0].get('issuer', 'an unreadable certificate')}"
    return str(evidence.get("first_bytes") or words(error))


def _look(attempt: Attempt, until: float) -> Steps[list[dict[str, object]]]:
    """A second connection that verifies nothing, only to see the certificates; nothing is sent over it."""
    address, port = attempt.target.dialled
    below = None
    try:
        below = yield from connect(address, port, until)
        if attempt.setup.proxy_for(attempt.endpoint):
            yield from tunnel(attempt, below, until)
        stream = TlsStream(below, attempt.setup.trust.blind, attempt.target.host)
        yield from stream.handshake(until)
        return [describe(der) for der in presented(stream.tls)]
    except (OSError, EOFError, DeadlineError):
        return []
    finally:
        if below:
            below.close()
