"""What is in the twin beside what was captured: a difference means that nothing passing there can be judged; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nimnetcheck.twin.load.loaded import IPSET, LEGACY, POLICY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nimnetcheck.twin.load.loaded import Chain, Loaded, Written
    from nimnetcheck.twin.there import There

_POLICY = re.compile(r"\b(accept|drop)\b", re.IGNORECASE)


def differences(loaded: Loaded, there: There) -> Iterator[str]:
    """What the twin holds otherwise than it was loaded, in words.

    A table can be taken without an error and vanish all the same, and a text can mean another number of rules than it
    seems to.
    """
    for chain, written in loaded.chains.items():
        if chain not in there.policies:
            yield f"{_name(chain)} is not in the twin, and in the capture"
            continue
        meant = sum(1 for rule in written if rule.loaded and rule.number != POLICY)
        rules = there.handles.get(chain, ()) or there.old.get(chain, ())
        if meant != len(rules):
            yield _words(chain, f"{len(rules)} rules", str(meant))
        policy = _policy(written)
        if policy and there.policies[chain] != policy:
            yield _words(chain, f"the policy {there.policies[chain] or 'none'}", policy)
    for name, size in loaded.sets.items():
        if there.sizes.get(name, 0) < size:
            yield _words(name, f"{there.sizes.get(name, 0)} elements", str(size))


def added(before: Mapping[Chain, Sequence[str]], now: Mapping[Chain, Sequence[str]]) -> dict[Chain, dict[int, str]]:
    """The rules that were put between others since, by their numbers now."""
    found: dict[Chain, dict[int, str]] = {}
    for chain, rules in now.items():
        rest = list(before.get(chain, ()))
        for number, rule in enumerate(rules, 1):
            if rest and rest[0] == rule:
                rest.pop(0)
            else:
                found.setdefault(chain, {})[number] = rule
    return found


def _policy(written: Sequence[Written]) -> str:
    first = written[0] if written and written[0].number == POLICY else None
    match = _POLICY.search(first.text.partition(" ")[2]) if first else None
    return match[1].lower() if match else ""


def _words(name: Chain, found: str, meant: str) -> str:
    return f"{_name(name)} has {found} in the twin, and {meant} in the capture"


def _name(name: Chain) -> str:
    family = "set" if name[0] == IPSET else name[0].replace(LEGACY, "")
    return " ".join(word for word in (family, *name[1:]) if word)
