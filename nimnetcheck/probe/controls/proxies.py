"""A proxy, looked at closer: another host, the other scheme, and what it is where it is no proxy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import h11

from nimnetcheck import __version__
from nimnetcheck.failures import classify, words
from nimnetcheck.model import Failure, Rung
from nimnetcheck.net import DeadlineError
from nimnetcheck.net.stream import connect
from nimnetcheck.probe.attempt import Attempt, printable, wire_evidence
from nimnetcheck.probe.controls.note import Control
from nimnetcheck.probe.head import read_head
from nimnetcheck.probe.proxy import MAX_HEAD, answer_evidence, greet, opened, tunnel
from nimnetcheck.probe.tls_stream import TlsStream

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nimnetcheck.model import Endpoint, Observation
    from nimnetcheck.net import Steps
    from nimnetcheck.net.stream import Stream
    from nimnetcheck.probe.attempt import Setup

SOCKS_GREETING, SOCKS_VERSION = b"\x05\x01\x00", 5  # RFC 1928, 3: one method, no authentication
LOOKS: Mapping[Failure, tuple[str, ...]] = {
    Failure.PROXY_DENIED: ("host",),
    Failure.PROXY_UPSTREAM_FAILED: ("host",),
    Failure.PROXY_NOT_A_PROXY: ("scheme", "request", "socks"),
    Failure.TLS_NOT_TLS: ("scheme",),
}
TITLES = {
    "host": "CONNECT {other} at {}",
    "scheme": "the proxy {} by the other scheme",
    "request": "GET / at {}",
    "socks": "SOCKS at {}",
}


def plan(endpoint: Endpoint, seen: Sequence[Observation], setup: Setup) -> Iterator[Steps[tuple[Observation, ...]]]:
    """What to try again at the proxy, once for each way to fail."""
    done: set[Failure] = set()
    for observation in seen:
        failure = observation.failure
        if observation.rung is Rung.PROXY and observation.target and failure and failure not in done:
            done.add(failure)
            for changed in wanted(failure, setup):
                yield _look(Attempt(endpoint=endpoint, setup=setup, target=observation.target), changed)


def wanted(failure: Failure, setup: Setup) -> tuple[str, ...]:
    """What to change after a failure; no other host where nobody else may be asked. Pure."""
    looks = LOOKS.get(failure, ())
    return looks if setup.options.elsewhere.tunnel else tuple(changed for changed in looks if changed != "host")


def _look(attempt: Attempt, changed: str) -> Steps[tuple[Observation, ...]]:
    control = Control(
        endpoint=attempt.endpoint,
        rung=Rung.PROXY,
        title=TITLES[changed].format(attempt.target, other=attempt.setup.options.elsewhere.tunnel),
        changed=changed,
        setup=attempt.setup,
        target=attempt.target,
    )
    below = None
    try:
        below = yield from connect(*attempt.target.dialled, control.until_s)
        return ((yield from WAYS[changed](control, attempt, below)),)
    except h11.RemoteProtocolError as error:
        said = printable(below.first) if below else ""
        return (control.note({"said": said}, Failure.PROXY_NOT_A_PROXY, printable(str(error))),)
    except DeadlineError:
        return (control.note({}, Failure.DEADLINE),)
    except (OSError, EOFError) as error:
        return (control.note(wire_evidence(error), classify(error, Rung.PROXY), words(error)),)
    finally:
        if below:
            below.close()


def _other_host(control: Control, attempt: Attempt, below: Stream) -> Steps[Observation]:
    """A tunnel to somebody else: where that opens, the refusal is about the vendor's host."""
    stream = yield from greet(attempt, below, control.until_s)
    answer = yield from tunnel(attempt, stream, control.until_s, attempt.setup.options.elsewhere.tunnel)
    return control.note(answer_evidence(answer), None if opened(answer) else Failure.PROXY_DENIED)


def _other_scheme(control: Control, attempt: Attempt, below: Stream) -> Steps[Observation]:
    """TLS to a proxy that is configured without it, and the other way round; no credentials go over it."""
    proxy = attempt.setup.proxy_for(attempt.endpoint)
    if proxy and proxy.scheme == "https":
        answer = yield from _get(control, below)
        return control.note({"scheme": "http", **answer_evidence(answer)})
    secure = TlsStream(below, attempt.setup.trust.blind, None)
    yield from secure.handshake(control.until_s)
    return control.note({"scheme": "https", "version": secure.tls.version()})


def _request(control: Control, _: Attempt, below: Stream) -> Steps[Observation]:
    answer = yield from _get(control, below)
    return control.note(answer_evidence(answer))


def _socks(control: Control, _: Attempt, below: Stream) -> Steps[Observation]:
    yield from below.send(SOCKS_GREETING, control.until_s)
    said = yield from below.receive(control.until_s)
    is_socks = len(said) == 2 and said[0] == SOCKS_VERSION  # noqa: PLR2004 (version and method)
    return control.note({"said": printable(said)}, None if is_socks else Failure.PROXY_NOT_A_PROXY)


def _get(control: Control, below: Stream) -> Steps[h11.Response]:
    """Who answers, by the head of an answer to a plain request."""
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD)
    headers = [("Host", "proxy"), ("User-Agent", f"nimnetcheck/{__version__}")]
    request = connection.send(h11.Request(method="GET", target="/", headers=headers)) or b""
    yield from below.send(request + (connection.send(h11.EndOfMessage()) or b""), control.until_s)
    return (yield from read_head(connection, below, control.until_s))


WAYS = {"host": _other_host, "scheme": _other_scheme, "request": _request, "socks": _socks}
