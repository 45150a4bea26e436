"""How far packets got: the walks with ever higher hop limits, as a report's evidence holds them; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nimnetcheck.model import Observation, Target

SAME_WAY = "hops"  # nothing was changed but the hop limit: the way that failed
PASSED_ON = "passed on"
BEYOND = frozenset({PASSED_ON, "connected", "refused", "unreachable"})  # what only somebody else can have said


@attrs.frozen(kw_only=True)
class Walk:
    """One walk: what it was, the one thing that was changed, its hops and how it ended."""

    title: str
    target: Target | None
    changed: str
    hops: tuple[Mapping[str, object], ...]
    ended: str

    @property
    def words(self) -> tuple[str, ...]:
        """Each hop: the router's address, with what it said where it did not just pass the packet on."""
        return tuple(_words(hop) for hop in self.hops)

    @property
    def last_router(self) -> str:
        """The farthest router that passed packets on; empty where none said so."""
        passed = [str(hop.get("from") or "") for hop in self.hops if hop.get("said") == PASSED_ON]
        return passed[-1] if passed else ""

    @property
    def left(self) -> bool:
        """Whether something beyond this host spoke: then packets leave it."""
        return any(str(hop.get("said")) in BEYOND for hop in self.hops)


def walks(observations: Iterable[Observation]) -> tuple[Walk, ...]:
    """The walks among these; a saved report may hold anything under these keys."""
    found = []
    for seen in observations:
        hops = seen.evidence.get("hops")
        if seen.control and isinstance(hops, list) and hops:
            walk = Walk(
                title=seen.title,
                target=seen.target,
                changed=str(seen.evidence.get("changed", "")),
                hops=tuple(hop for hop in hops if isinstance(hop, dict)),
                ended=str(seen.evidence.get("ended", "")),
            )
            found.append(walk)
    return tuple(found)


def _words(hop: Mapping[str, object]) -> str:
    who, said = str(hop.get("from") or ""), str(hop.get("said", ""))
    return who if who and said == PASSED_ON else f"{who} {said}".strip()
