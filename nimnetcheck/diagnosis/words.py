"""What was struck and what the machine said, in words for a person: pure."""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import TYPE_CHECKING

from nimnetcheck.addresses import merge
from nimnetcheck.diagnosis.context import LOGS
from nimnetcheck.model import Rung

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nimnetcheck.model import Network, Observation

MANY = 4
BLANKS: Mapping[str, str] = {name: name.upper() for name in ("subjects", "targets", "host", "address", "port")}
"""What stands in an entry's words where nothing was seen yet: words that a person replaces."""
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]*")  # what a shell takes as it stands


def placeholders(seen: Sequence[Observation]) -> Mapping[str, str]:
    """What an entry's words may hold in braces, for the observations that it applied to."""
    names = tuple(dict.fromkeys(_who(observation) for observation in seen))
    target = next((observation.target for observation in seen if observation.target), None)
    return {
        "subjects": few(names),
        "targets": few(where(seen)) or few(names),
        "host": names[0] if PLAIN.fullmatch(names[0]) else "HOST",
        "address": str(target.address) if target else "ADDRESS",
        "port": str(target.port) if target else "443",
    }


def fill(text: str, words: Mapping[str, str]) -> str:
    """Put the words in; plain replacement, since actions hold shell text with braces of its own."""
    for key, value in words.items():
        text = text.replace(f"{{{key}}}", value)
    return text


def evidence(seen: Sequence[Observation]) -> tuple[str, ...]:
    """What the machine said, and of whom; the same words of many addresses are one line."""
    alike: dict[tuple[str, str], list[Observation]] = {}
    for observation in seen:
        said = observation.detail or str(observation.failure or observation.title)
        alike.setdefault((observation.subject, said), []).append(observation)
    lines = []
    for (subject, said), group in alike.items():
        place = few(where(group)) or few(tuple(dict.fromkeys(observation.title for observation in group)))
        lines.append(f"{subject}, {place}: {said}")
    return (*lines[:MANY], f"and {len(lines) - MANY} more") if len(lines) > MANY else tuple(lines)


def where(seen: Sequence[Observation]) -> tuple[str, ...]:
    """The targets, those of a range merged into the fewest prefixes."""
    targets = dict.fromkeys(observation.target for observation in seen if observation.target)
    named = [str(target) for target in targets if target.host]
    by_port: dict[int, list[Network]] = {}
    for target in targets:
        if target.host is None:
            by_port.setdefault(target.port, []).append(ip_network(target.address))
    merged = [_at(network, port) for port, networks in by_port.items() for network in merge(networks)]
    return (*named, *merged)


def few(names: tuple[str, ...]) -> str:
    """The first names, and how many more there are."""
    shown = ", ".join(names[:MANY])
    return f"{shown} and {len(names) - MANY} more" if len(names) > MANY else shown


def _at(network: Network, port: int) -> str:
    text = str(network.network_address) if network.num_addresses == 1 else str(network)
    return f"[{text}]:{port}" if network.version == 6 else f"{text}:{port}"  # noqa: PLR2004 (IP version)


def _who(observation: Observation) -> str:
    """The name that a network team knows: the host where there is one."""
    asked = observation.evidence.get("name") if observation.rung is Rung.DNS else None
    if observation.subject == LOGS:
        told = str(observation.evidence.get("host") or "")
        asked = told if PLAIN.fullmatch(told) else None
    return (observation.target.host if observation.target else None) or str(asked or observation.subject)
