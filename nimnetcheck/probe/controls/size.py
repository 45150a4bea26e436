"""What hung, with smaller segments: if that cures it, packets of full size are lost on the way without a word."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from nimnetcheck.model import Failure, Outcome, Rung
from nimnetcheck.net import DeadlineError, fork
from nimnetcheck.probe.attempt import Attempt
from nimnetcheck.probe.controls.note import Control

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nimnetcheck.model import Endpoint, Observation
    from nimnetcheck.net import Steps
    from nimnetcheck.probe.attempt import Setup

SEGMENTS = (1000, 500)  # through a tunnel or two; and through whatever IPv4 still has to carry
AGAIN: Mapping[Failure, tuple[Rung, ...]] = {
    Failure.TLS_TIMEOUT: (Rung.TCP, Rung.TLS),
    Failure.HTTP_TIMEOUT: (Rung.TCP, Rung.TLS, Rung.HTTP),
    Failure.UPLOAD_STALLED: (Rung.PATH,),
}
"""The rungs to climb again for each way to hang; the path rung makes its own connection."""
MODULES: Mapping[Rung, str] = {rung: f"nimnetcheck.probe.{rung}" for rungs in AGAIN.values() for rung in rungs}


def plan(endpoint: Endpoint, seen: Sequence[Observation], setup: Setup) -> Iterator[Steps[tuple[Observation, ...]]]:
    """What to try again: for each way to hang and IP version, the first address; not what hung behind a proxy."""
    found: dict[tuple[Failure, int], Observation] = {}
    for one in seen:
        if one.failure and one.failure in AGAIN and one.target and not setup.proxy_for(endpoint):
            found.setdefault((one.failure, one.target.address.version), one)
    for one in found.values():
        yield fork(_retry(endpoint, one, segment, setup) for segment in SEGMENTS)


def _retry(endpoint: Endpoint, failed: Observation, segment: int, setup: Setup) -> Steps[Observation]:
    if failed.target is None or failed.failure is None:
        raise RuntimeError("only what failed at a target is tried again")
    begun = Control(
        endpoint=endpoint,
        rung=failed.rung,
        title=f"{failed.rung.upper()} {failed.target} in segments of {segment}",
        changed="segment",
        setup=setup,
        target=failed.target,
    )
    attempt = Attempt(endpoint=endpoint, setup=setup, target=failed.target, segment=segment)
    found: dict[str, object] = {"segment": segment}
    try:
        for rung in AGAIN[failed.failure]:
            seen: Observation = yield from import_module(MODULES[rung]).climb(attempt)
            if seen.outcome is not Outcome.PASSED:
                return begun.note({**found, **seen.evidence}, seen.failure, seen.detail)
    except DeadlineError:
        return begun.note(found, Failure.DEADLINE)
    finally:
        attempt.close()
    return begun.note(found)
