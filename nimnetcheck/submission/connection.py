"""A TLS connection that keeps a deadline: httpx has time-outs for single operations only, and a trickle has no end."""

from __future__ import annotations

import ssl

import attrs

from nimnetcheck import net

SHORTEST_S = 0.001


@attrs.define
class Deadline:
    """Until when the exchange that is under way may last; a reading of `net.monotonic()`."""

    until_s: float = float("inf")

    def cap(self, seconds: float | None) -> float | None:
        """A time-out that does not reach beyond it."""
        left_s = max(SHORTEST_S, self.until_s - net.monotonic())
        return left_s if seconds is None else min(seconds, left_s)


def guard(context: ssl.SSLContext, deadline: Deadline) -> ssl.SSLContext:
    """The context, whose connections keep the deadline whatever time-outs they are given."""

    class Guarded(ssl.SSLSocket):
        def settimeout(self, value: float | None) -> None:
            super().settimeout(deadline.cap(value))

    context.sslsocket_class = Guarded
    return context
