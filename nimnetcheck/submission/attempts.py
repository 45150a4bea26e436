"""One request, sent until there is an outcome that another try would not change; each attempt becomes evidence."""

from __future__ import annotations

import random
from typing import IO, TYPE_CHECKING, Callable

import attrs

from nimnetcheck import net
from nimnetcheck.submission import retries
from nimnetcheck.submission.messages import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimnetcheck.submission.client import Client
    from nimnetcheck.submission.messages import Outcome, Request
    from nimnetcheck.submission.retries import Again, Patience

Tries = tuple["Mapping[str, object]", ...]


@attrs.frozen(kw_only=True)
class Sender:
    """How requests are sent for one site."""

    client: Client
    patience: Patience

    def send(
        self, request: Request, *, into: IO[bytes] | None = None, after: Callable[[Outcome], None]
    ) -> tuple[Outcome, Tries]:
        """The last outcome and all attempts; `after` is told each one, and a download begins anew each time."""
        started_s = net.monotonic()
        tries: list[Mapping[str, object]] = []
        while True:
            if into is not None:
                into.seek(0)
                into.truncate()
            outcome = self.client.call(request, into=into)
            after(outcome)
            spent = retries.Spent(attempts=len(tries) + 1, seconds=net.monotonic() - started_s)
            jitter = random.random()  # noqa: S311 (spreads clients in time; no secret)
            again = retries.decide(outcome, spent, self.patience, now=net.utc_now(), jitter=jitter)
            tries.append(_evidence(outcome, again))
            if again.wait_s is None:
                return outcome, tuple(tries)
            net.pause(again.wait_s)


def _evidence(outcome: Outcome, again: Again) -> Mapping[str, object]:
    """One attempt: how it ended, how much had left, and what was done then."""
    seen: dict[str, object] = {} if outcome.status is None else {"status": outcome.status}
    if not isinstance(outcome, Answer):
        seen.update(failure=str(outcome.failure), sent=outcome.sent, whole=outcome.whole)
    seen["elapsed_s"] = round(outcome.elapsed_s, 3)
    if again.wait_s is not None:
        seen["waited_s"] = round(again.wait_s, 3)
    return {**seen, "then": again.because}
