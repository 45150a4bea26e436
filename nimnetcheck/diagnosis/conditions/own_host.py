"""What this host's own state says: interface, routes, next hop, limits, firewall; pure."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any

from nimnetcheck.addresses import NAT64
from nimnetcheck.diagnosis.conditions import ways
from nimnetcheck.model import Failure, Outcome, Rung

if TYPE_CHECKING:
    from nimnetcheck.diagnosis.context import Context
    from nimnetcheck.diagnosis.entry import Condition
    from nimnetcheck.model import Observation

F = Failure
NO_NEIGHBOUR = ("FAILED", "INCOMPLETE")
FULL = 0.99
IPV4 = 4


def _local(observation: Observation, context: Context, key: str) -> dict[str, Any]:
    """What this host knows of its way to the address, or to the resolver where that is what was not reached."""
    changed = "resolver way" if observation.rung is Rung.DNS else "local"
    value = ways.evidence(observation, context, changed).get(key)
    return value if isinstance(value, dict) else {}


def link_down(observation: Observation, context: Context) -> bool:
    """The interface of the route is down or has no carrier; or nothing has a route, and every interface is down."""
    changed = "resolver way" if observation.rung is Rung.DNS else "local"
    found = ways.evidence(observation, context, changed)
    link, links = found.get("link"), found.get("links")
    if isinstance(link, dict):
        return not link.get("up") or not link.get("carrier")
    known = [one for one in links if isinstance(one, dict)] if isinstance(links, list) else []
    return bool(known) and not any(one.get("up") and one.get("carrier") for one in known)


def next_hop_dead(observation: Observation, context: Context) -> bool:
    """The next hop does not answer ARP or neighbour discovery: this host says so itself, or its table does."""
    message = observation.evidence.get("icmp")
    if observation.failure is F.HOST_UNREACHABLE and isinstance(message, dict) and message.get("own"):
        return True
    changed = "resolver way" if observation.rung is Rung.DNS else "local"
    state = str(ways.evidence(observation, context, changed).get("neighbour", ""))
    return any(word in state for word in NO_NEIGHBOUR)


def route_is(kind: str) -> Condition:
    """A condition: the route that covers the address is of this type."""

    def condition(observation: Observation, context: Context) -> bool:
        return bool(_local(observation, context, "route").get("type") == kind)

    condition.__doc__ = f"The route that covers the address is of type {kind}."
    return condition


def only_nat64(observation: Observation, context: Context) -> bool:
    """IPv4 has no route, and the same name connects at an address that stands for an IPv4 one (RFC 6052)."""
    if observation.target is None or observation.target.address.version != IPV4:
        return False
    return any(
        other.target is not None and other.outcome is Outcome.PASSED and other.target.address in NAT64
        for other in context.of_subject(observation.subject)
    )


def ports_used_up(observation: Observation, context: Context) -> bool:
    """The kernel found no local port, though there is a route and an address to send from."""
    return ways.number(observation, "errno") == errno.EADDRNOTAVAIL and bool(_local(observation, context, "route"))


def tracking_full(observation: Observation, context: Context) -> bool:
    """Connection tracking is at its limit, so that new connections are dropped."""
    table = _local(observation, context, "conntrack")
    count, room = table.get("count"), table.get("max")
    return isinstance(count, int) and isinstance(room, int) and count >= FULL * room


def _judged(observation: Observation, verdict: str, leg: str) -> bool:
    """Whether the kernel said so of a flow in a copy of the firewall."""
    return observation.evidence.get("kernel") == verdict and observation.evidence.get("leg") == leg


def reply_dropped(observation: Observation, context: Context) -> bool:
    """The kernel said in a copy of the firewall that the request leaves, and its answer is not let in.

    Where it said so of a flow, that is why a connection there gets no answer, if its SYN left.
    """
    if observation.failure is not F.TCP_TIMEOUT:
        return _reply_is_judged(observation)
    if never_left(observation, context):
        return False
    said = (one.evidence.get("blocked") for one in context.of_rung(Rung.PATH) if _reply_is_judged(one))
    return any(isinstance(flows, list) and f"tcp:{observation.target}" in flows for flows in said)


def _reply_is_judged(observation: Observation) -> bool:
    return _judged(observation, "drop", "reply") or _judged(observation, "reject", "reply")


def error_dropped(observation: Observation, context: Context) -> bool:  # noqa: ARG001 (a condition)
    """The kernel said in a copy of the firewall that a router's message about an open connection is not let in."""
    return _judged(observation, "drop", "error") or _judged(observation, "reject", "error")


def never_left(observation: Observation, context: Context) -> bool:  # noqa: ARG001 (a condition)
    """Each try to send the SYN again was counted, and nothing is on its way; a datagram is refused at once (EPERM).

    Or the kernel said so in a copy of the firewall.
    """
    if _judged(observation, "drop", "request"):
        return True
    if observation.failure is F.BLOCKED_LOCALLY:
        return observation.rung is Rung.DNS and "icmp" not in observation.evidence
    return bool(ways.number(observation, "retransmits")) and ways.number(observation, "resent") == 0


def tries(observation: Observation, context: Context) -> str:  # noqa: ARG001 (a proof)
    """How often the SYN was tried again, and that none of it left."""
    again = ways.number(observation, "retransmits")
    return f"the SYN was tried again ({again}), and none of it is on its way" if again else ""


def rejected_here(observation: Observation, context: Context) -> bool:
    """The ICMP message is this host's own, or the RST comes before a packet can have got to the first router.

    Or the kernel said so in a copy of the firewall.
    """
    if _judged(observation, "reject", "request"):
        return True
    if observation.failure is F.BLOCKED_LOCALLY:
        return "icmp" in observation.evidence
    found = ways.walk(observation, context)
    routed = _local(observation, context, "route").get("via") is not None
    return routed and found is not None and found.ended == "refused" and found.ended_at == 1
