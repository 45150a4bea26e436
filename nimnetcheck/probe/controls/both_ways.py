"""Another way than the probe's, at an address that it tried: as a product may go it, and the probe does not.

What fares otherwise than the probe did is tried again, unchanged and changed, before it is believed: networks have
moods, and servers end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

import attrs
import h11

from nimnetcheck.failures import classify, words
from nimnetcheck.model import Failure, Outcome, Rung
from nimnetcheck.net import DeadlineError, monotonic
from nimnetcheck.probe import http, http2
from nimnetcheck.probe.attempt import printable, wire_evidence
from nimnetcheck.probe.proxy import reach
from nimnetcheck.probe.tls_stream import TlsStream

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping, Sequence

    from nimnetcheck.model import Observation, Target
    from nimnetcheck.net import Steps
    from nimnetcheck.probe.attempt import Attempt
    from nimnetcheck.probe.controls.note import Control


@attrs.frozen(kw_only=True)
class Tried:
    """What became of one connection."""

    failure: Failure | None = None
    detail: str = ""
    evidence: Mapping[str, object] = attrs.field(factory=dict)


Use = Callable[["Attempt", TlsStream, float], "Steps[Tried]"]


@attrs.frozen
class Way:
    """A context to shake hands with, and what is done then, if anything is."""

    context: ssl.SSLContext
    use: Use | None = None


def proven(seen: Sequence[Observation]) -> Target | None:
    """The first address at which even a request of several segments was answered: what passes hides the rest; pure."""
    passed = (one.target for one in seen if one.rung is Rung.PATH and one.outcome is Outcome.PASSED)
    return next((target for target in passed if target and target.host), None)


def compare(
    control: Control, attempt: Attempt, other: Way, usual: Way, *, held: bool
) -> Steps[tuple[Observation, ...]]:
    """The other way; `held` says whether the usual one did when the probe went it."""
    try:
        found = yield from go(attempt, other)
        if (found.failure is None) is held:
            return (control.note(found.evidence, found.failure, found.detail),)
        unchanged = yield from go(attempt, usual)
        found = yield from go(attempt, other)
    except DeadlineError:
        return (control.note({}, Failure.DEADLINE),)
    evidence = {"unchanged": str(unchanged.failure or Outcome.PASSED), **found.evidence}
    return (control.note(evidence, found.failure, found.detail),)


def ask(attempt: Attempt, stream: TlsStream, until: float, agent: str = http.AGENT) -> Steps[Tried]:
    """The probe's GET, in this name or in its own."""
    answer = yield from http.exchange(stream, http.request(attempt, agent=agent), until)
    failure, detail = http.judge(answer, http.host_of(attempt))
    return Tried(failure=failure, detail=detail, evidence={"status": answer.status})


def go(attempt: Attempt, way: Way) -> Steps[Tried]:
    """One way, on a connection of its own."""
    until, rung, stream = monotonic() + attempt.setup.options.timeout_s, Rung.TCP, None
    told: dict[str, object] = {}
    try:
        stream = yield from reach(attempt, until)
        rung, stream = Rung.TLS, TlsStream(stream, way.context, attempt.server_name)
        try:
            yield from stream.handshake(until)
        finally:
            told["hello_octets"] = stream.hello_octets
        told["alpn"], rung = stream.tls.selected_alpn_protocol(), Rung.HTTP
        found = (yield from way.use(attempt, stream, until)) if way.use else Tried()
    except (h11.RemoteProtocolError, http2.Http2Error) as error:
        found = Tried(failure=Failure.HTTP_NOT_HTTP, detail=printable(str(error)))
    except (OSError, EOFError) as error:
        found = Tried(failure=classify(error, rung), detail=words(error), evidence=wire_evidence(error))
    finally:
        if stream:
            stream.close()
    return attrs.evolve(found, evidence={**told, **found.evidence})
