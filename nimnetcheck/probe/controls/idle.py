"""The same connection after a silence: what keeps track of connections on the way may have forgotten it.

Asked for alone (`Options.idle_s`), since it takes that long. All endpoints are silent together.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from nimnetcheck.failures import LateError, classify, words
from nimnetcheck.model import Failure, Outcome, Rung
from nimnetcheck.net import DeadlineError, monotonic
from nimnetcheck.probe import http
from nimnetcheck.probe.attempt import Attempt, wire_evidence
from nimnetcheck.probe.controls.both_ways import Tried, Way, ask, go, proven
from nimnetcheck.probe.controls.note import Control

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nimnetcheck.model import Endpoint, Observation
    from nimnetcheck.net import Steps
    from nimnetcheck.probe.attempt import Setup
    from nimnetcheck.probe.tls_stream import TlsStream

RESETS = (errno.ECONNRESET, errno.EPIPE)


def plan(endpoint: Endpoint, seen: Sequence[Observation], setup: Setup) -> Iterator[Steps[tuple[Observation, ...]]]:
    """One connection to the first address at which all went well, if a silence is asked for."""
    target = proven(seen)
    if target is None or not setup.options.idle_s:
        return
    control = Control(
        endpoint=endpoint,
        rung=Rung.HTTP,
        title=f"GET {endpoint.path} at {target}, and again after {setup.options.idle_s:g} s of silence",
        changed="idle",
        setup=setup,
        target=target,
    )
    yield _look(control, Attempt(endpoint=endpoint, setup=setup, target=target))


def _look(control: Control, attempt: Attempt) -> Steps[tuple[Observation, ...]]:
    """The silent connection, and where it broke a fresh one, which tells whether the endpoint is still there."""
    context = attempt.trust.named
    try:
        found = yield from go(attempt, Way(context, _pausing))
        if found.failure is None or "ended" not in found.evidence:
            return (control.note(found.evidence, found.failure, found.detail),)
        fresh = yield from go(attempt, Way(context, ask))
    except DeadlineError:
        return (control.note({}, Failure.DEADLINE),)
    evidence = {**found.evidence, "fresh": str(fresh.failure or Outcome.PASSED)}
    return (control.note(evidence, found.failure, found.detail),)


def _pausing(attempt: Attempt, stream: TlsStream, until: float) -> Steps[Tried]:
    """A request, the silence, and another."""
    options = attempt.setup.options
    first = yield from http.exchange(stream, http.request(attempt, keep=True), until)
    if not first.complete or "close" in first.headers.get("connection", "").lower():
        return Tried(evidence={"kept": False}, detail="the other side keeps no connection open")
    since_s, acked = monotonic(), stream.counters().get("bytes_acked")
    try:
        yield from _silence(stream, since_s + options.idle_s)
        answer = yield from http.exchange(stream, http.request(attempt), monotonic() + options.timeout_s)
    except (OSError, EOFError) as error:
        return _broken(error, _how(error, acked), options.idle_s, monotonic() - since_s)
    detail = f"{answer.status}, after {options.idle_s:g} s of silence"
    return Tried(evidence={"idle_s": options.idle_s, "status": answer.status}, detail=detail)


def _silence(stream: TlsStream, until: float) -> Steps[None]:
    """Say nothing; raises EOFError where the other side ends it, be it with a word (408), and what `stream` raises."""
    try:
        yield from stream.receive(until)
    except LateError:
        return
    raise EOFError


def _broken(error: OSError | EOFError, ended: str, idle_s: float, lasted_s: float) -> Tried:
    """What ended it, and where that was before the silence was over, when; that the server closes it is no failure."""
    told = {"idle_s": idle_s, **wire_evidence(error), "ended": ended}
    if lasted_s < idle_s:
        told["kept_s"] = round(lasted_s, 1)
    if isinstance(error, EOFError):
        return Tried(evidence=told, detail=f"closed in good order by the other side after {lasted_s:.1f} s")
    return Tried(failure=classify(error, Rung.HTTP), detail=words(error), evidence=told)


def _how(error: OSError | EOFError, acked: object) -> str:
    """In one word; `acked` is how many octets were acknowledged before the request that got no answer.

    Not acknowledged, it met "silence"; neither that nor on its way, it is "unsent"; acknowledged, "stalled".
    """
    if isinstance(error, EOFError):
        return "closed"
    if isinstance(error, LateError):
        if error.counters.get("unacked"):
            return "silence"
        return "unsent" if acked is not None and error.counters.get("bytes_acked") == acked else "stalled"
    if getattr(error, "icmp", None):
        return "refused"
    return "reset" if error.errno in RESETS else "error"
