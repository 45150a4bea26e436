"""Where on the way a failure is, or can be; pure.

Two places that look alike from this host are both suspects: what is drawn claims no more than what was seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.model import Confidence, Failure, Outcome, Rung, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nimnetcheck.model import Finding, Observation

F = Failure
ACCEPT = "accept"  # what the kernel does, in the evidence of a judged flow


class Place(Text):
    """Where on the way something can be."""

    HOST = "this host"
    RESOLVER = "resolver"
    LOCAL = "own routes and firewall"
    PROXY = "proxy"
    NETWORK = "network"
    VENDOR = "vendor"


class State(Text):
    """What is known of a place."""

    PROVEN = "works"
    ENDS = "ends here"
    SUSPECT = "perhaps here"
    UNREACHED = "not reached"
    UNSEEN = "not looked at"


PERHAPS_BETWEEN = {Place.NETWORK: State.SUSPECT}
PERHAPS_BEYOND = {Place.NETWORK: State.SUSPECT, Place.VENDOR: State.SUSPECT}
ENDINGS: Sequence[tuple[Mapping[Place, State], tuple[Failure, ...]]] = (
    ({Place.RESOLVER: State.ENDS}, (F.DNS_NXDOMAIN, F.DNS_NO_DATA, F.DNS_SERVFAIL, F.DNS_REFUSED)),
    ({Place.RESOLVER: State.ENDS}, (F.DNS_TIMEOUT, F.DNS_MALFORMED, F.DNS_NO_RESOLVER)),
    ({Place.LOCAL: State.ENDS}, (F.NO_ROUTE, F.BLOCKED_LOCALLY)),
    ({Place.LOCAL: State.SUSPECT, Place.NETWORK: State.SUSPECT}, (F.TCP_TIMEOUT,)),
    ({Place.NETWORK: State.ENDS}, (F.NET_UNREACHABLE, F.HOST_UNREACHABLE, F.ADMIN_PROHIBITED)),
    ({Place.NETWORK: State.ENDS}, (F.HTTP_REDIRECT_OFF_SITE, F.HTTP_BLOCK_PAGE, F.HTTP_STATUS)),
    ({Place.PROXY: State.ENDS}, (F.PROXY_AUTH_REQUIRED, F.PROXY_DENIED, F.PROXY_NOT_A_PROXY)),
    (PERHAPS_BETWEEN, (F.TLS_UNTRUSTED, F.TLS_WRONG_HOST, F.TLS_NOT_TLS)),
)
"""Where a failure is, or can be; what is not named here happened beyond this host, and no one can say where."""
BY_FAILURE = {failure: ends for ends, failures in ENDINGS for failure in failures}

ANSWERED = frozenset({F.DNS_NXDOMAIN, F.DNS_NO_DATA, F.DNS_SERVFAIL, F.DNS_REFUSED, F.DNS_MALFORMED})
"""Failures of a look-up in which the resolver did answer."""

NOT_JUDGED = frozenset({F.UNKNOWN, F.DEADLINE})
PROOFS: Mapping[Rung, tuple[Place, ...]] = {
    Rung.DNS: (Place.RESOLVER,),
    Rung.TCP: (Place.LOCAL,),
    Rung.PROXY: (Place.PROXY,),
    Rung.TLS: (Place.NETWORK, Place.VENDOR),
    Rung.HTTP: (Place.NETWORK, Place.VENDOR),
}
"""What a rung that held proves to work."""

CERTAIN: Mapping[str, Place] = {
    "local": Place.LOCAL,
    "dns": Place.RESOLVER,
    "proxy": Place.PROXY,
    "icmp": Place.NETWORK,
}
"""Where a finding that is certain puts the end, by the first part of its code."""


def states(ladder: Sequence[Observation], findings: Iterable[Finding], *, left: bool = False) -> Mapping[Place, State]:
    """Before the end everything is proven, behind it nothing is reached; without an end, only what was seen to work.

    A finding that is certain outweighs the table, and so does the kernel's own verdict on this host's rules, or a sign
    that packets left it.
    """
    ending = broken(ladder)
    if ending is None or ending.failure in NOT_JUDGED:
        proven = _proven(ladder, left=left)
        return {place: State.PROVEN if place in proven else State.UNSEEN for place in Place}
    ends = dict(BY_FAILURE.get(ending.failure or F.UNKNOWN, PERHAPS_BEYOND))
    if ending.rung is Rung.TCP and any(observation.rung is Rung.PROXY for observation in ladder):
        ends = {Place.PROXY if place in PERHAPS_BEYOND else place: state for place, state in ends.items()}
    certain = [finding.code.split(".")[0] for finding in findings if finding.confidence is Confidence.CERTAIN]
    ends = next(({CERTAIN[family]: State.ENDS} for family in certain if family in CERTAIN), ends)
    if len(ends) > 1 and Place.LOCAL in _proven(ladder, left=left):
        ends.pop(Place.LOCAL, None)
    return {**_spread(ends), **({Place.RESOLVER: State.UNREACHED} if _unheard(ladder, ends) else {})}


def broken(ladder: Sequence[Observation]) -> Observation | None:
    """What ended the climb: this host's rules; a rung of the target if it got that far; in the look-up otherwise."""
    failed = [observation for observation in ladder if observation.failure]
    reached = any(o.target and o.outcome is not Outcome.SKIPPED for o in ladder)
    ruled = [observation for observation in failed if "kernel" in observation.evidence]
    return next((o for o in (*ruled, *failed) if o in ruled or o.target or not reached), None)


def _proven(ladder: Sequence[Observation], *, left: bool) -> set[Place]:
    held = {observation.rung for observation in ladder if observation.outcome is Outcome.PASSED}
    accepted = left or any(observation.evidence.get("kernel") == ACCEPT for observation in ladder)
    proven = {place for rung in held for place in PROOFS.get(rung, ())}
    return {Place.HOST, *proven, *([Place.LOCAL] if accepted else [])}


def _unheard(ladder: Sequence[Observation], ends: Mapping[Place, State]) -> bool:
    """Whether the resolver was asked, never answered, and the end is elsewhere: then it does not count as working."""
    asked = [o for o in ladder if o.rung is Rung.DNS and o.outcome is not Outcome.SKIPPED]
    silent = all(o.failure and o.failure not in ANSWERED for o in asked)
    return bool(asked) and silent and Place.RESOLVER not in ends


def _spread(ends: Mapping[Place, State]) -> Mapping[Place, State]:
    places = list(Place)
    first, last = (edge(map(places.index, ends)) for edge in (min, max))
    return {
        place: ends.get(place, State.PROVEN if at < first else State.UNREACHED if at > last else State.SUSPECT)
        for at, place in enumerate(places)
    }
