"""The TLS rung: a handshake that verifies, and what was seen when it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import h11

from nimnetcheck.failures import UNVERIFIED, alert, classify, words
from nimnetcheck.model import Failure, Rung
from nimnetcheck.net import DeadlineError
from nimnetcheck.probe.appliances import recognise
from nimnetcheck.probe.attempt import printable, wire_evidence
from nimnetcheck.probe.certificates import anchor, describe, presented
from nimnetcheck.probe.proxy import reach
from nimnetcheck.probe.tls_stream import TlsStream

if TYPE_CHECKING:
    from nimnetcheck.model import Observation
    from nimnetcheck.net import Steps
    from nimnetcheck.probe.attempt import Attempt
    from nimnetcheck.probe.trust import Trust


def climb(attempt: Attempt) -> Steps[Observation]:
    """Shake hands, verified against the host's store, for the name if there is one.

    Without a name an answer in TLS is what is asked for: an untrusted chain or an alert is recorded, and still proves
    that bytes came back from behind this network's TCP.
    """
    operation = attempt.begin(Rung.TLS, f"TLS {attempt.target}")
    trust, host = attempt.trust, attempt.server_name
    stream = TlsStream(attempt.connection, trust.named if host else trust.nameless, host)
    try:
        yield from stream.handshake(operation.until_s)
    except (OSError, EOFError) as error:
        failure = classify(error, Rung.TLS, first=stream.first)
        evidence = _failed_evidence(error, failure, stream)
        attempt.close()
        if failure in UNVERIFIED:
            chain = yield from look(attempt, operation.until_s)
            evidence.update(trust_store=trust.store, authorities=trust.authorities, **_shown(chain, trust))
        if failure is Failure.TLS_ALERT and stream.certificate_asked:
            attempt.ended = "tls: the host wants a client certificate"
            return operation.passed({**evidence, "verified": True}, "it wants a client certificate: the path is open")
        if not host and failure in {*UNVERIFIED, Failure.TLS_ALERT}:
            return operation.passed(evidence, f"answered in TLS; {words(error)}")
        return operation.failed(failure, _detail(error, failure, evidence), evidence)
    attempt.stream = stream
    evidence = _evidence(stream, trust)
    return operation.passed(evidence, _issuer(evidence))


def _evidence(stream: TlsStream, trust: Trust) -> dict[str, object]:
    cipher, end = stream.tls.cipher(), anchor(stream.tls)
    public = end in trust.public_authorities if end else None
    chain = [describe(der) for der in presented(stream.tls)]
    return {
        "version": stream.tls.version(),
        "cipher": cipher[0] if cipher else None,
        "alpn": stream.tls.selected_alpn_protocol(),
        "verified": True,
        "bytes_received": stream.received,
        "hello_octets": stream.hello_octets,
        "anchor": {"public": public, **describe(end)} if end else None,
        **({"chain": chain} if public else _shown(chain, trust)),
    }


def _shown(chain: list[dict[str, object]], trust: Trust) -> dict[str, object]:
    """A chain, and whether an organisation that runs public authorities issued its leaf, or so it says."""
    issuer = chain[0].get("issued_by") if chain else None
    return {"chain": chain, "public_issuer": issuer in trust.public_organisations}


def _failed_evidence(error: Exception, failure: Failure, stream: TlsStream) -> dict[str, object]:
    counted = {"bytes_received": stream.received, "hello_octets": stream.hello_octets}
    evidence = {"verified": False, **counted, **wire_evidence(error)}
    code, sent = getattr(error, "verify_code", None), alert(error)
    if code:
        evidence["verify_code"] = code
    if sent:
        evidence["alert"] = {"number": sent[0], "name": sent[1]}
    if failure is Failure.TLS_NOT_TLS:
        evidence["first_bytes"] = printable(stream.first)
    return evidence


def _detail(error: Exception, failure: Failure, evidence: dict[str, object]) -> str:
    issuer = _issuer(evidence) if failure in UNVERIFIED else ""
    return f"{words(error)}; {issuer}" if issuer else str(evidence.get("first_bytes") or words(error))


def _issuer(evidence: dict[str, object]) -> str:
    """Who issued the leaf, and whose product that is, where the name gives it away; empty for a public authority."""
    chain, end = evidence.get("chain"), evidence.get("anchor")
    if not isinstance(chain, list) or not chain or (isinstance(end, dict) and end["public"]):
        return ""
    issuer = str(chain[0].get("issuer", "an unreadable certificate"))
    maker = recognise(issuer)
    return f"issued by {issuer}" + (f" ({maker})" if maker else "")


def look(attempt: Attempt, until: float) -> Steps[list[dict[str, object]]]:
    """A second connection that verifies nothing, only to see the certificates; nothing is sent over it."""
    below = None
    try:
        below = yield from reach(attempt, until)
        stream = TlsStream(below, attempt.trust.blind, attempt.server_name)
        yield from stream.handshake(until)
        return [describe(der) for der in presented(stream.tls)]
    except (OSError, EOFError, DeadlineError, h11.RemoteProtocolError):
        return []
    finally:
        if below:
            below.close()
