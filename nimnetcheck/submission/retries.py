"""Whether a request is sent again, and after how long: a table of outcomes, apart from all I/O.

Tried again is what passes by itself: a server that is busy or restarting (429, 500, 502, 503, 504), a connection that
broke, silence, an upload cut short. Never what another try cannot change: a request found wrong, a refused credential,
something on the way that answers for the vendor. A 2xx that was cut short was taken: it is not sent again.
"""

from __future__ import annotations

from datetime import timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.model import Failure
from nimnetcheck.submission.messages import Trouble

if TYPE_CHECKING:
    from datetime import datetime

    from nimnetcheck.submission.messages import Answer, Outcome

STATUSES = frozenset({408, 429, 500, 502, 503, 504})
FAILURES = frozenset(
    {
        Failure.DNS_TIMEOUT,
        Failure.DNS_SERVFAIL,
        Failure.TCP_TIMEOUT,
        Failure.TCP_REFUSED,
        Failure.TCP_RESET,
        Failure.PROXY_UPSTREAM_FAILED,
        Failure.TLS_TIMEOUT,
        Failure.TLS_RESET,
        Failure.TLS_CLOSED,
        Failure.HTTP_TIMEOUT,
        Failure.HTTP_CLOSED,
    }
)
SUCCESSES = range(200, 300)
SHORTEST = 0.5  # jitter lies between this part of a wait and all of it


@attrs.frozen(kw_only=True)
class Patience:
    """How often one request is sent, and how long is waited in between; seconds.

    The first wait is doubled each time up to the longest; a server may ask for a longer one with Retry-After, up to
    `asked_s`. Nothing is tried again once `total_s` would be passed. Five attempts: as in the vendor's own script.
    """

    attempts: int = 5
    first_s: float = 1.0
    longest_s: float = 60.0
    asked_s: float = 300.0
    total_s: float = 900.0


@attrs.frozen(kw_only=True)
class Spent:
    """What one request has cost so far."""

    attempts: int
    seconds: float


@attrs.frozen(kw_only=True)
class Again:
    """What to do after an outcome: wait so long and send it again, or stop (None); `because` is for the reader."""

    wait_s: float | None
    because: str


def decide(outcome: Outcome, spent: Spent, patience: Patience, *, now: datetime, jitter: float) -> Again:
    """What follows an outcome; `jitter` is a random number from 0 to 1, `now` this host's clock."""
    if not _passes(outcome):
        return Again(wait_s=None, because="another try would not change it")
    if spent.attempts >= patience.attempts:
        return Again(wait_s=None, because=f"tried {spent.attempts} times")
    backoff_s = min(patience.first_s * 2 ** (spent.attempts - 1), patience.longest_s)
    wait_s = backoff_s * (SHORTEST + (1 - SHORTEST) * jitter)
    asked_s = None if isinstance(outcome, Trouble) else _asked_s(outcome, now)
    if asked_s is not None and asked_s > patience.asked_s:
        return Again(wait_s=None, because=f"it asks to come back in {asked_s:.0f} s: too long to wait for")
    wait_s = max(wait_s, asked_s or 0.0)
    if spent.seconds + wait_s > patience.total_s:
        return Again(wait_s=None, because=f"no more than {patience.total_s:g} s are spent on one request")
    return Again(wait_s=wait_s, because="Retry-After" if asked_s is not None and wait_s == asked_s else "back-off")


def _passes(outcome: Outcome) -> bool:
    """Whether it is of a kind that passes by itself."""
    if isinstance(outcome, Trouble):
        return outcome.failure in FAILURES and outcome.status not in SUCCESSES
    return outcome.status in STATUSES


def _asked_s(answer: Answer, now: datetime) -> float | None:
    """How long the server asks to be left alone: seconds, or a date by the server's own clock where it shows one."""
    asked = answer.headers.get("retry-after", "").strip()
    if asked.isascii() and asked.isdigit():
        return float(asked[:9])
    until = _moment(asked)
    if until is None:
        return None
    return max(0.0, (until - (_moment(answer.headers.get("date", "")) or now)).total_seconds())


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)
