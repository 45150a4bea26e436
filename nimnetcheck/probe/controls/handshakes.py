"""Handshakes, looked at closer: another name, an older version, other trust anchors, and what answers without TLS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import h11

from nimnetcheck import __version__
from nimnetcheck.failures import UNVERIFIED, LateError, alert, classify, words
from nimnetcheck.model import Failure, Outcome, Rung
from nimnetcheck.net import DeadlineError, monotonic
from nimnetcheck.probe.attempt import Attempt, printable, wire_evidence
from nimnetcheck.probe.controls.hello_walk import hello_walk
from nimnetcheck.probe.controls.note import Control
from nimnetcheck.probe.head import read_head
from nimnetcheck.probe.proxy import MAX_HEAD, answer_evidence, reach
from nimnetcheck.probe.tls_stream import TlsStream

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator, Mapping, Sequence

    from nimnetcheck.model import Endpoint, Observation
    from nimnetcheck.net import Steps
    from nimnetcheck.net.stream import Stream
    from nimnetcheck.probe.attempt import Setup

OTHER_NAME = "www.example.com"  # reserved (RFC 2606), and on nobody's list of blocked names
MAX_LOOKS = 32
PATIENCE_S = 1.0  # how long a server is waited for that may speak first
ERRORS = (OSError, EOFError, DeadlineError, h11.RemoteProtocolError)
LOOKS: Mapping[Failure, tuple[str, ...]] = {
    Failure.TLS_TIMEOUT: ("server-name", "version", "first"),
    Failure.TLS_RESET: ("server-name", "version", "first"),
    Failure.TLS_CLOSED: ("server-name", "version", "first"),
    Failure.TLS_ALERT: ("server-name", "version"),
    Failure.TLS_VERSION: ("version",),
    Failure.TLS_MALFORMED: ("server-name",),
    Failure.TLS_NOT_TLS: ("first", "plain"),
    **dict.fromkeys(UNVERIFIED, ("store",)),
}
FOREIGN = ("store",)
TITLES = {
    "server-name": f"TLS {{}} for {OTHER_NAME}",
    "version": "TLS {} with any version and cipher",
    "store": "TLS {} with the public authorities alone",
    "first": "TCP {}, saying nothing",
    "plain": "HTTP {} without TLS",
}


def plan(endpoint: Endpoint, seen: Sequence[Observation], setup: Setup) -> Iterator[Steps[tuple[Observation, ...]]]:
    """What to try again, at each address that deserves it, within reason."""
    looks = [
        (observation.target, changed)
        for observation in seen
        if observation.rung is Rung.TLS and observation.target and observation.target.host
        for changed in wanted(observation)
    ]
    walked: set[int] = set()  # one address of each IP version stands for the others
    for target, changed in looks[:MAX_LOOKS]:
        attempt = Attempt(endpoint=endpoint, setup=setup, target=target)
        if changed == "server-name" and _has_a_way(attempt) and target.address.version not in walked:
            walked.add(target.address.version)
            yield _look_for_the_name(attempt)
        else:
            yield _look(attempt, changed)


def wanted(observation: Observation) -> tuple[str, ...]:
    """What to change after a handshake; nothing after one that ended at a public authority. Pure."""
    if observation.failure:
        return LOOKS.get(observation.failure, ())
    anchor = observation.evidence.get("anchor")
    known = anchor.get("public") if isinstance(anchor, dict) else None
    return FOREIGN if observation.outcome is Outcome.PASSED and "chain" in observation.evidence and not known else ()


def _has_a_way(attempt: Attempt) -> bool:
    """Whether routers lie between that we see: not before an emulated vendor, this host itself, or behind a proxy."""
    target = attempt.target
    return target.dial is None and not target.address.is_loopback and not attempt.setup.proxy_for(attempt.endpoint)


def _look_for_the_name(attempt: Attempt) -> Steps[tuple[Observation, ...]]:
    """Another name, and where that is answered, how far the true one gets."""
    (other,) = yield from _look(attempt, "server-name")
    if other.outcome is not Outcome.PASSED and "alert" not in other.evidence:
        return (other,)
    walk = yield from hello_walk(attempt)
    return other, walk


def _look(attempt: Attempt, changed: str) -> Steps[tuple[Observation, ...]]:
    control = Control(
        endpoint=attempt.endpoint,
        rung=Rung.TLS,
        title=TITLES[changed].format(attempt.target),
        changed=changed,
        setup=attempt.setup,
        target=attempt.target,
    )
    below = None
    try:
        below = yield from reach(attempt, control.until_s)
        if changed == "first":
            return ((yield from _listen(control, below)),)
        if changed == "plain":
            return ((yield from _plain(control, below)),)
        return ((yield from _shake(control, attempt, below)),)
    except ERRORS as error:
        failure = Failure.DEADLINE if isinstance(error, DeadlineError) else classify(error, Rung.TCP)
        return (control.note(wire_evidence(error), failure, words(error)),)
    finally:
        if below:
            below.close()


def _shake(control: Control, attempt: Attempt, below: Stream) -> Steps[Observation]:
    """A handshake with one thing changed; an alert is an answer in TLS too, and says so."""
    host = attempt.target.host
    name = OTHER_NAME if control.changed == "server-name" else host
    stream = TlsStream(below, _context(attempt, control.changed), name)
    try:
        yield from stream.handshake(control.until_s)
    except DeadlineError:
        return control.note({}, Failure.DEADLINE)
    except (OSError, EOFError) as error:
        evidence: dict[str, object] = {"server_name": name, **wire_evidence(error)}
        code, sent = getattr(error, "verify_code", None), alert(error)
        if code:
            evidence["verify_code"] = code
        if sent:
            evidence["alert"] = {"number": sent[0], "name": sent[1]}
        return control.note(evidence, classify(error, Rung.TLS, first=stream.first), words(error))
    cipher = stream.tls.cipher()
    found = {"server_name": name, "version": stream.tls.version(), "cipher": cipher[0] if cipher else None}
    return control.note(found)


def _context(attempt: Attempt, changed: str) -> ssl.SSLContext:
    trust = attempt.setup.trust
    if changed == "store":
        return trust.public
    return trust.lenient if changed == "version" else trust.blind


def _listen(control: Control, below: Stream) -> Steps[Observation]:
    """Whoever speaks or closes before it is spoken to is no TLS server."""
    try:
        said = yield from below.receive(min(control.until_s, monotonic() + PATIENCE_S))
    except LateError:
        return control.note({"said": "", "closed": False})
    return control.note({"said": printable(said), "closed": not said})


def _plain(control: Control, below: Stream) -> Steps[Observation]:
    """One HTTP request in clear text, to learn who answers; it carries nothing but the name."""
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD)
    headers = [("Host", control.endpoint.host or ""), ("User-Agent", f"nimnetcheck/{__version__}")]
    request = connection.send(h11.Request(method="GET", target="/", headers=headers)) or b""
    yield from below.send(request + (connection.send(h11.EndOfMessage()) or b""), control.until_s)
    try:
        answer = yield from read_head(connection, below, control.until_s)
    except h11.RemoteProtocolError as error:
        return control.note({"said": printable(below.first)}, Failure.HTTP_NOT_HTTP, printable(str(error)))
    return control.note(answer_evidence(answer))
