"""What a kernel did with flows, those alike in one line: pure."""

from __future__ import annotations

import textwrap
from ipaddress import ip_network
from typing import TYPE_CHECKING

from nimnetcheck.addresses import merge
from nimnetcheck.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nimnetcheck.model import Network, Observation
    from nimnetcheck.report.style import Style

ACCEPT = "accept"
_WORDS = {ACCEPT: Verdict.PASS, "drop": Verdict.FAIL, "reject": Verdict.FAIL}
INDENT = len("  FAIL  ")
SHOWN = 6  # prefixes in one line


def draw(observations: Iterable[Observation], style: Style) -> list[str]:
    """The lines about it, for a person; none where no kernel was asked."""
    folded = list(fold(observations))
    if not folded:
        return []
    lines = ["", style.strong("What the kernel does with them")]
    for seen, flows in folded:
        verdict = str(seen.evidence["kernel"])
        # An error message that does not come in keeps no connection from opening.
        judged = _WORDS.get(verdict, Verdict.UNKNOWN)
        word = style.word(Verdict.WARN if seen.evidence.get("leg") == "error" else judged)
        lines += _wrapped(style.safe(f"{verdict}  {summed(flows)}"), style, f"  {word}  ")
        for said in _said(seen):
            lines += _wrapped(style.safe(said), style, " " * INDENT)
    return lines


def fold(observations: Iterable[Observation]) -> list[tuple[Observation, tuple[str, ...]]]:
    """One observation for all flows that share verdict and cause, with those flows; the blocked ones first."""
    alike: dict[tuple[str, str], tuple[Observation, dict[str, None]]] = {}
    for seen in observations:
        verdict, flow = seen.evidence.get("kernel"), seen.evidence.get("flow")
        if isinstance(verdict, str) and isinstance(flow, str) and _network(flow):
            _, flows = alike.setdefault((verdict, " ".join(_said(seen))), (seen, {}))
            flows[flow] = None
    return sorted(
        ((seen, tuple(flows)) for seen, flows in alike.values()), key=lambda one: one[0].evidence["kernel"] == ACCEPT
    )


def _said(seen: Observation) -> Iterator[str]:
    """Where it ended, the rule's own words, and how the packet came there."""
    if seen.detail or seen.because:
        yield seen.detail or seen.because
    rule, path = seen.evidence.get("rule"), seen.evidence.get("path")
    if isinstance(rule, dict) and rule.get("text"):
        yield f"rule: {rule['text']}"
    for jump in path if isinstance(path, list) else ():
        if isinstance(jump, dict):
            where = " ".join(str(jump.get(part) or "") for part in ("family", "table", "chain"))
            yield f"reached by rule {jump.get('number')} of {where}: {jump.get('text')}"
    if seen.evidence.get("limit"):
        yield f"sent alone: {seen.evidence['limit']} decides by what passed before"


def summed(flows: Sequence[str]) -> str:
    """Flows by protocol and port, their addresses in the fewest prefixes."""
    found: dict[tuple[str, str], list[Network]] = {}
    for flow in flows:
        protocol, _, rest = flow.partition(":")
        found.setdefault((protocol, rest.rpartition(":")[2]), []).extend(_network(flow))
    return "; ".join(f"{protocol} {port}: {_few(merge(networks))}" for (protocol, port), networks in found.items())


def _network(flow: str) -> tuple[Network, ...]:
    """The address of a flow like `tcp:203.0.113.9:443`; none in what is no flow: a saved report may hold anything."""
    try:
        return (ip_network(flow.partition(":")[2].rpartition(":")[0].strip("[]")),)
    except ValueError:
        return ()


def _wrapped(text: str, style: Style, first: str) -> list[str]:
    """Lines behind a first word that may be coloured."""
    lines = textwrap.wrap(text, style.columns - INDENT - 2, break_on_hyphens=False)
    return [(first if at == 0 else " " * (INDENT + 2)) + line for at, line in enumerate(lines)]


def _few(networks: Sequence[Network]) -> str:
    names = [str(one.network_address) if one.num_addresses == 1 else str(one) for one in networks]
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
