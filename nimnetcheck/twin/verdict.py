"""What became of one flow, by the events that the kernel told of it and by what its socket felt: pure."""

from __future__ import annotations

import errno
import re
from typing import TYPE_CHECKING, Protocol

import attrs

from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin.answer import Judged
from nimnetcheck.twin.packets.trace import Act, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nimnetcheck.twin.answer import Rule
    from nimnetcheck.twin.flow import Flow
    from nimnetcheck.twin.packets.send import Sent
    from nimnetcheck.twin.packets.trace import Event

LOST = "the kernel's trace was longer than could be read"
UNCONNECTED = "the connection is led to another port, where nobody listens in a twin, so nothing can be said of it"
NO_ROUTE = "no route leads there"
_ENDS = frozenset({Act.DROP, Act.QUEUE, Act.STOLEN})
_UNROUTED = frozenset(
    {
        errno.ENETUNREACH,
        errno.EHOSTUNREACH,
        errno.EADDRNOTAVAIL,
        errno.EAFNOSUPPORT,  # a kernel without IPv6
        errno.EINVAL,
        errno.EACCES,
    }
)
_UNDECIDED = {
    Act.QUEUE: "a rule hands the packet to a program of the host, which decides",
    Act.STOLEN: "a rule takes the packet away from its path",
}
_QUOTED = re.compile(r'"[^"]*"')
_REJECT = re.compile(r"\breject\b|\bREJECT\b")


@attrs.frozen
class Death:
    """The event at which a packet ended, and the jumps that led there, outermost first."""

    event: Event
    path: tuple[Event, ...]


class Knowledge(Protocol):
    """What is known of the twin."""

    def name(self, event: Event) -> Rule:
        """Which rule an event means."""

    def limit(self, way: Sequence[Event]) -> str:
        """The rule on this way that decides by what passed it before."""

    def doubt(self, flow: Flow, way: Sequence[Event], *, ended: bool) -> str:
        """Why a flow that went this way, and ended there or arrived, cannot be judged."""


def judge(sent: Sent, known: Knowledge) -> Judged:
    """The verdict on a flow."""
    end = death(sent.events)
    if end is None:
        because = known.doubt(sent.flow, sent.events, ended=False) or _because(sent)
        return Judged(
            flow=sent.flow,
            verdict=KernelVerdict.NOT_JUDGED if because else KernelVerdict.ACCEPT,
            because=because,
            limit=known.limit(sent.events),
        )
    rule = known.name(end.event)
    verdict = KernelVerdict.REJECT if is_reject(rule.text) else KernelVerdict.DROP
    before = sent.events[: sent.events.index(end.event) + 1]
    because = _UNDECIDED.get(end.event.act, "") or known.doubt(sent.flow, before, ended=True)
    return Judged(
        flow=sent.flow,
        verdict=KernelVerdict.NOT_JUDGED if because else verdict,
        leg=end.event.leg,
        rule=rule,
        path=tuple(known.name(jump) for jump in end.path),
        because=because,
        limit=known.limit(before),
    )


def _because(sent: Sent) -> str:
    """Why a flow that no event ended is not judged; empty where it arrived."""
    if sent.lost:
        return LOST
    if sent.answered:
        return ""
    if sent.error == errno.ECONNREFUSED:
        # By no rule: it was led to a port where nobody listens, and the answer came back.
        return UNCONNECTED if sent.flow.is_error else ""
    if not sent.events and sent.error in _UNROUTED:
        return NO_ROUTE
    felt = f": {errno.errorcode.get(sent.error, sent.error)}" if sent.error else ""
    left = "the kernel did not believe it" if sent.flow.is_error else "no answer came"
    return f"{left}, and no traced rule stopped it{felt}"


def is_reject(words: str) -> bool:
    """Whether a rule's words say that it answers what it drops."""
    return bool(_REJECT.search(_QUOTED.sub("", words)))


def death(events: Sequence[Event]) -> Death | None:
    """The first packet of these that was dropped, queued or taken away."""
    for at, event in enumerate(events):
        if event.act in _ENDS:
            return Death(event=event, path=path_to(events[: at + 1]))
    return None


def path_to(events: Sequence[Event]) -> tuple[Event, ...]:
    """The jumps that are open when the last of these events happens, in the same base chain of the same packet."""
    last = events[-1]
    jumps: list[Event] = []
    for event in events[:-1]:
        if (event.packet, event.family, event.table) != (last.packet, last.family, last.table):
            continue
        if event.act is Act.JUMP or event.act is Act.GOTO:
            jumps = [*_standing(jumps, event), event]
        elif event.kind is Kind.POLICY or event.act is Act.ACCEPT:
            jumps = []
    return tuple(_standing(jumps, last))


def _standing(jumps: list[Event], event: Event) -> list[Event]:
    """The jumps that still stand at an event: the last of them led into its chain."""
    while jumps and jumps[-1].target != event.chain:
        jumps = jumps[:-1]
    return jumps
