"""What is in the twin beside what was captured: a difference means that nothing passing there can be judged; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.twin.load.loaded import LEGACY, POLICY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nimnetcheck.twin.load.loaded import Chain, Written


def differences(captured: Mapping[Chain, Sequence[Written]], there: Mapping[Chain, Sequence[object]]) -> Iterator[str]:
    """Each chain that has another number of rules in the twin than were loaded into it, in words.

    A table can be taken without an error and vanish all the same, and a text can mean another number of rules than it
    seems to.
    """
    for chain, rules in captured.items():
        meant = sum(1 for rule in rules if rule.loaded and rule.number != POLICY)
        found = len(there.get(chain, ()))
        if meant != found:
            name = " ".join((chain[0].replace(LEGACY, ""), *chain[1:]))
            yield f"{name} has {found} rules in the twin, and {meant} in the capture"
