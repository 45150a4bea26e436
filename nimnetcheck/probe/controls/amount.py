"""What hung or crept, with more octets and more time: whether they are acknowledged after all, and how fast."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import h11

from nimnetcheck.model import Failure, Outcome, Rung
from nimnetcheck.net import DeadlineError, Wait, fork, monotonic
from nimnetcheck.probe.attempt import Attempt
from nimnetcheck.probe.controls.again import once
from nimnetcheck.probe.controls.note import Control
from nimnetcheck.probe.http import authority
from nimnetcheck.probe.path import PADDING, connect

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nimnetcheck.model import Endpoint, Observation, Target
    from nimnetcheck.net import Steps
    from nimnetcheck.probe.attempt import Setup

HUNG = frozenset({Failure.TLS_TIMEOUT, Failure.HTTP_TIMEOUT, Failure.UPLOAD_STALLED})
CREPT_S = 1.0  # longer than the rungs below took together: a segment was sent again, or waited in a queue
REQUESTS = 12  # each of PADDING octets, one behind the other
WATCH_S = 5.0
SAMPLE_S = 0.1
PAUSE_S = 0.5  # between the small packets that go beside the large ones


@attrs.define
class Watch:
    """What is seen once shaking hands is over: how many octets were acknowledged when, and how small packets fare."""

    until_s: float
    since_s: float = attrs.field(factory=monotonic)
    acked: list[tuple[float, int]] = attrs.field(factory=list)
    counters: list[dict[str, object]] = attrs.field(factory=list)
    small: list[str] = attrs.field(factory=list)
    sending: bool = False
    sent: bool = False

    def evidence(self) -> dict[str, object]:
        """In JSON values; round trips are those of the SYN and of the last segment."""
        first, last = (self.counters[0], self.counters[-1]) if self.counters else ({}, {})
        return {
            "acked": [list(one) for one in self.acked],
            "watched_s": round(monotonic() - self.since_s, 1),
            "retransmits": last.get("retransmits", 0),
            "unacked": last.get("unacked", 0),
            "first_rtt_ms": first.get("rtt_ms"),
            "last_rtt_ms": last.get("rtt_ms"),
            "small": self.small,
        }


def plan(endpoint: Endpoint, seen: Sequence[Observation], setup: Setup) -> Iterator[Steps[tuple[Observation, ...]]]:
    """For each IP version the first address at which something hung, or crept; not what went through a proxy."""
    found: dict[int, Observation] = {}
    for one in seen:
        if one.target and (one.failure in HUNG or crept(one, seen)) and not setup.proxy_for(endpoint):
            found.setdefault(one.target.address.version, one)
    for one in found.values():
        if one.target:
            yield _look(endpoint, one.target, setup, after_s=setup.options.timeout_s if one.failure else 0.0)


def crept(one: Observation, seen: Sequence[Observation]) -> bool:
    """Whether the request of several segments was answered, and took much longer than all rungs below together."""
    if one.rung is not Rung.PATH or one.outcome is not Outcome.PASSED:
        return False
    below = (other.elapsed_s for other in seen if other.target == one.target and other.rung is not Rung.PATH)
    return one.elapsed_s > sum(below) + CREPT_S


def _look(endpoint: Endpoint, target: Target, setup: Setup, after_s: float) -> Steps[tuple[Observation, ...]]:
    """Once those are over that try what hung in smaller segments: together they would share what there is."""
    if after_s:
        try:
            yield Wait(None, None, monotonic() + after_s)
        except DeadlineError:
            return ()
    begun = Control(
        endpoint=endpoint,
        rung=Rung.PATH,
        title=f"{REQUESTS} requests of {PADDING} octets to {target}, with patience",
        changed="amount",
        setup=setup,
        target=target,
    )
    patient = attrs.evolve(setup, options=attrs.evolve(setup.options, timeout_s=WATCH_S))
    attempt = Attempt(endpoint=endpoint, setup=patient, target=target)
    watch = Watch(until_s=monotonic() + WATCH_S)
    try:
        yield from fork((_send(attempt, watch), _sample(attempt, watch), _beside(target, watch)))
    except DeadlineError:
        pass  # what there was time for
    finally:
        attempt.close()
    return (begun.note(watch.evidence()),)


def _send(attempt: Attempt, watch: Watch) -> Steps[None]:
    """No answer is waited for: that octets arrived is what TCP itself acknowledges."""
    try:
        reached = yield from connect(attempt)
        if reached.outcome is Outcome.PASSED:
            watch.sending = True
            yield from attempt.connection.send(_request(attempt) * REQUESTS, watch.until_s)
    except (OSError, EOFError):
        pass  # how far it came is counted
    finally:
        watch.sent = True


def _request(attempt: Attempt) -> bytes:
    headers = [("Host", authority(attempt)), ("X-Padding", "x" * PADDING)]
    asked = h11.Request(method="GET", target=attempt.endpoint.path, headers=headers)
    return h11.Connection(h11.CLIENT).send(asked) or b""


def _sample(attempt: Attempt, watch: Watch) -> Steps[None]:
    while monotonic() < watch.until_s:
        counters = attempt.stream.counters() if attempt.stream else {}
        octets = counters.get("bytes_acked")
        if isinstance(octets, int):
            watch.counters.append(counters)
            if watch.sending and (not watch.acked or octets > watch.acked[-1][1]):
                watch.acked.append((round(monotonic() - watch.since_s, 1), octets))
        if watch.sent and not counters.get("unacked"):
            return
        yield Wait(None, None, monotonic() + SAMPLE_S)


def _beside(target: Target, watch: Watch) -> Steps[None]:
    """Small packets beside the large ones: loss strikes them too, a limit on octets hardly."""
    yield Wait(None, None, monotonic() + PAUSE_S)
    while not watch.sent or (watch.counters and watch.counters[-1].get("unacked")):
        if monotonic() + PAUSE_S > watch.until_s:
            return
        watch.small.append((yield from once(target)))
        yield Wait(None, None, monotonic() + PAUSE_S)
