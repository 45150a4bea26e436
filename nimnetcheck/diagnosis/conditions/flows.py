"""What a hang says behind a connection that came up: what was counted, and what smaller segments change; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.diagnosis.conditions import handshakes, ways
from nimnetcheck.model import Outcome

if TYPE_CHECKING:
    from nimnetcheck.diagnosis.context import Context
    from nimnetcheck.model import Observation


def _cured(observation: Observation, context: Context) -> bool:
    return Outcome.PASSED in ways.sizes(observation, context).values()


def lost_inwards(observation: Observation, context: Context) -> bool:
    """All that was sent is acknowledged, nothing came back, and smaller segments cure it."""
    return _cured(observation, context) and not ways.number(observation, "unacked")


def lost_outwards(observation: Observation, context: Context) -> bool:
    """What was sent is not acknowledged, and smaller segments cure it."""
    return _cured(observation, context) and bool(ways.number(observation, "unacked"))


def cut(observation: Observation, context: Context) -> bool:
    """What was sent is not acknowledged, and smaller segments change nothing."""
    tried = ways.sizes(observation, context)
    return bool(tried) and Outcome.PASSED not in tried.values() and bool(ways.number(observation, "unacked"))


def stalled(observation: Observation, context: Context) -> bool:
    """All that was sent is acknowledged, nothing came back, and smaller segments change nothing."""
    tried = ways.sizes(observation, context)
    silent = ways.number(observation, "unacked") == 0 and ways.number(observation, "bytes_received") == 0
    cured = Outcome.PASSED in tried.values() or handshakes.other_name_answered(observation, context)
    return bool(tried) and silent and not cured


def near(observation: Observation, context: Context) -> bool:
    """It connects at a hop that a packet to somebody else, or to another port, is passed on by."""
    plain = ways.walk(observation, context)
    if plain is None or plain.ended != "connected" or plain.ended_at is None or observation.target is None:
        return False
    if handshakes.other_name_answered(observation, context):
        return False  # a filter by name, which takes the connection only to look at the name
    if plain.ended_at == 1 and observation.target.address.is_global:
        return True
    return any(
        max(other.passed_on, (other.ended_at or 1) - 1) >= plain.ended_at for other in ways.others(observation, context)
    )


def everywhere(observation: Observation, context: Context) -> bool:
    """Another port and somebody else connect at that same near hop."""
    plain, others = ways.walk(observation, context), ways.others(observation, context)
    return (
        near(observation, context)
        and len(others) > 1
        and plain is not None
        and all(other.ended == "connected" and other.ended_at == plain.ended_at for other in others)
    )


def sizes(observation: Observation, context: Context) -> str:
    """What was counted, and how smaller segments fared."""
    words = [
        f"{key.replace('_', ' ')} {ways.number(observation, key)}"
        for key in ("bytes_acked", "bytes_received", "unacked")
    ]
    tried = ways.sizes(observation, context)
    return ", ".join(
        words + [f"in segments of {size}: {outcome}" for size, outcome in sorted(tried.items(), reverse=True)]
    )


def hop(observation: Observation, context: Context) -> str:
    """At which hop the connections come up."""
    walks = (ways.walk(observation, context), *ways.others(observation, context))
    return "; ".join(str(found) for found in walks if found)
