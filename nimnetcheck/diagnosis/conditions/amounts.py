"""What more octets and more time say about what hung or crept: how fast they were acknowledged; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from nimnetcheck.diagnosis.conditions import ways
from nimnetcheck.diagnosis.conditions.silence import GOOD
from nimnetcheck.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimnetcheck.diagnosis.context import Context
    from nimnetcheck.model import Observation

SECONDS = 3  # in which octets were acknowledged: what is cut or too large stands still within the first
RESENT = 3
QUEUED = 10  # times the SYN's round trip: a queue that is drained slowly
LITTLE_MS = 50.0  # a round trip that is not worth a word, be it many times the SYN's
PAIR = 2
REPORT = 100_000


@attrs.frozen(kw_only=True)
class Flow:
    """When how many octets were acknowledged, and what stood in their way."""

    acked: tuple[tuple[float, int], ...]
    resent: float
    first_rtt_ms: float
    last_rtt_ms: float
    small: tuple[object, ...]

    @property
    def held_back(self) -> bool:
        """Whether segments were dropped or queued on the way; a way that is merely long does neither."""
        return self.resent >= RESENT or self.last_rtt_ms > QUEUED * max(LITTLE_MS, self.first_rtt_ms)

    @property
    def small_ones_pass(self) -> bool:
        """Whether new connections came up beside it: loss strikes them too."""
        return self.small.count(GOOD) * 4 >= len(self.small) * 3

    @property
    def octets_a_second(self) -> int:
        """The pace, the first round trip left out."""
        (first_s, first), (last_s, last) = self.acked[0], self.acked[-1]
        return max(1, int((last - first) / max(1.0, last_s - first_s)))

    def __str__(self) -> str:
        return (
            f"some {self.octets_a_second} octets a second were acknowledged ({self.resent:.0f} segments sent again, "
            f"round trip {self.first_rtt_ms:.0f} ms at first and {self.last_rtt_ms:.0f} ms at last, "
            f"{self.small.count(GOOD)} of {len(self.small)} new connections came up beside it); "
            f"a report of {REPORT // 1000} kB takes some {REPORT // self.octets_a_second} s"
        )


def throttled(observation: Observation, context: Context) -> bool:
    """Octets are acknowledged second after second, and something holds them back that lets small packets by."""
    if observation.outcome is Outcome.PASSED and not context.controls(observation, "amount"):
        return False  # it was another address that crept
    flow = _flow(observation, context)
    seconds = {int(when_s) for when_s, _ in flow.acked}
    return len(seconds) >= SECONDS and flow.held_back and flow.small_ones_pass


def pace(observation: Observation, context: Context) -> str:
    """How fast it was, and what that means for a report."""
    flow = _flow(observation, context)
    return str(flow) if flow.acked else ""


def _flow(observation: Observation, context: Context) -> Flow:
    found = ways.at_any_address(observation, context, "amount")
    rows = [row for row in _list(found, "acked") if isinstance(row, list) and len(row) == PAIR]
    return Flow(
        acked=tuple((_number(row[0]), int(_number(row[1]))) for row in rows),
        resent=_number(found.get("retransmits")),
        first_rtt_ms=_number(found.get("first_rtt_ms")),
        last_rtt_ms=_number(found.get("last_rtt_ms")),
        small=tuple(_list(found, "small")),
    )


def _list(found: Mapping[str, object], key: str) -> list[object]:
    """A saved report may hold anything."""
    value = found.get(key)
    return value if isinstance(value, list) else []


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0
