"""What the ICMP message behind a failure says, and at which hop it came back; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.diagnosis.conditions import ways

if TYPE_CHECKING:
    from nimnetcheck.diagnosis.context import Context
    from nimnetcheck.diagnosis.entry import Condition
    from nimnetcheck.model import Observation
SIX = 6


def says(*messages: tuple[int, int, int]) -> Condition:
    """A condition: the ICMP message is one of these (IP version, type, code)."""

    def condition(observation: Observation, context: Context) -> bool:  # noqa: ARG001 (a condition)
        return ways.icmp(observation) in messages

    words = " or ".join(f"{'ICMPv6' if version == SIX else 'ICMP'} {kind}/{code}" for version, kind, code in messages)
    condition.__doc__ = f"The message that came back is {words}."
    return condition


def hop(observation: Observation, context: Context) -> str:
    """At which hop the refusal came back, where a walk saw it."""
    found = ways.walk(observation, context)
    return str(found) if found and found.ended_at else ""


def circle(observation: Observation, context: Context) -> str:
    """Which routers a walk met more than once."""
    found = ways.walk(observation, context)
    names = [name for name in found.routers.values() if name] if found else []
    again = dict.fromkeys(name for name in names if names.count(name) > 1)
    return f"the walk meets {', '.join(again)} again and again" if again else ""
