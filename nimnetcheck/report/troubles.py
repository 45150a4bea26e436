"""What broke on the way, alike gathered: the same step, failure and words of many addresses are one trouble; pure."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.addresses import merge
from nimnetcheck.model import Failure, Rung, Verdict

if TYPE_CHECKING:
    from nimnetcheck.model import Observation, Report

ON_THE_WAY = (Rung.DNS, Rung.TCP, Rung.PATH, Rung.PROXY, Rung.TLS, Rung.HTTP)


@attrs.frozen(kw_only=True)
class Trouble:
    """What broke alike: the first of the observations, and all of them."""

    first: Observation
    all: tuple[Observation, ...]

    @property
    def destination(self) -> str:
        """The address, or the fewest prefixes that cover exactly those that broke alike."""
        if self.first.target is None:
            return ""
        networks = merge(ip_network(seen.target.address) for seen in self.all if seen.target)
        return ", ".join(str(n.network_address) if n.num_addresses == 1 else str(n) for n in networks)

    @property
    def judged(self) -> bool:
        """Whether a kernel said so of a flow, and nothing was dialled."""
        return "kernel" in self.first.evidence

    @property
    def unheard(self) -> bool:
        """Whether a router's message does not come in, so that everything is reached all the same."""
        return self.first.evidence.get("leg") == "error"

    @property
    def name(self) -> str:
        """What people call it: the host where there is one."""
        target = self.first.target
        own = self.first.subject if self.judged and len(self.all) > 1 else self.first.title
        return (target.host if target else None) or self.destination or own


def troubles(report: Report) -> tuple[Trouble, ...]:
    """The troubles of every endpoint that did not simply pass; each address of a name is one of its own.

    What could not be judged is no trouble of the network's.
    """
    struck = {judgement.subject for judgement in report.judgements if judgement.verdict is not Verdict.PASS}
    alike: dict[tuple[object, ...], list[Observation]] = {}
    for seen in report.observations:
        counts = seen.failure not in (None, Failure.UNKNOWN) and not seen.control
        if counts and seen.rung in ON_THE_WAY and seen.subject in struck:
            named = seen.target and seen.target.host and seen.target
            key = (seen.subject, seen.rung, seen.failure, seen.detail, named, seen.target and seen.target.port)
            alike.setdefault(key, []).append(seen)
    return tuple(Trouble(first=group[0], all=tuple(group)) for group in alike.values())
