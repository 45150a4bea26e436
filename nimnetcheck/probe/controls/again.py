"""The same connection made again and again, at once and then with pauses: so chance differs from rationing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.failures import LateError, WireError
from nimnetcheck.model import Failure, Outcome, Rung
from nimnetcheck.net import DeadlineError, Wait, fork, monotonic
from nimnetcheck.net.stream import connect
from nimnetcheck.probe.controls.note import Control

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nimnetcheck.model import Endpoint, Observation, Target
    from nimnetcheck.net import Steps
    from nimnetcheck.probe.attempt import Setup

AT_ONCE = 8
SPACED = 4
GOOD = "connected"
GIVEN_UP = 2
PAUSE_S = 0.5
PATIENCE_S = 0.9  # less than a second: an answer to a SYN that was sent again would hide that the first was lost


def plan(endpoint: Endpoint, seen: Sequence[Observation], setup: Setup) -> Iterator[Steps[tuple[Observation, ...]]]:
    """One address of each IP version that fares unevenly: it had to ask twice, or failed where others did not."""
    for version in (4, 6):
        target = uneven([one for one in seen if one.target and one.target.address.version == version])
        if target and target.dial is None and not target.address.is_loopback:
            yield _repeat(endpoint, target, setup)


def uneven(seen: Sequence[Observation]) -> Target | None:
    """The address to try again, if any; pure."""
    tried = [one for one in seen if one.rung is Rung.TCP]
    good = [one for one in tried if one.outcome is Outcome.PASSED]
    resent = [one for one in good if one.evidence.get("retransmits")]
    bad = [one for one in tried if one.failure in (Failure.TCP_TIMEOUT, Failure.TCP_REFUSED, Failure.TCP_RESET)]
    chosen = resent or (bad if good else [])
    return chosen[0].target if chosen else None


def _repeat(endpoint: Endpoint, target: Target, setup: Setup) -> Steps[tuple[Observation, ...]]:
    begun = Control(
        endpoint=endpoint,
        rung=Rung.TCP,
        title=f"TCP {target}, again and again",
        changed="times",
        setup=setup,
        target=target,
    )
    at_once = yield from fork(once(target) for _ in range(AT_ONCE))
    spaced: list[str] = []
    try:
        for _ in range(SPACED):
            yield Wait(None, None, monotonic() + PAUSE_S)
            spaced.append((yield from once(target)))
            if spaced == [at_once[0]] * GIVEN_UP and set(at_once) == set(spaced):
                break  # nothing changes: it is neither chance nor rationing
    except DeadlineError:
        pass  # what there was time for
    return (begun.note({"at_once": list(at_once), "spaced": spaced}),)


def once(target: Target) -> Steps[str]:
    """What became of one SYN, in a word; GOOD if it was answered."""
    try:
        stream = yield from connect(*target.dialled, monotonic() + PATIENCE_S)
    except (LateError, DeadlineError):
        return "silent"
    except WireError as error:
        return str(error.strerror).lower()
    except OSError:
        return "not sent"
    stream.close()
    return GOOD
