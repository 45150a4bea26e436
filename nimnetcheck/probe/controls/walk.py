"""A walk: the same packet with a rising hop limit, so that each router on the way names itself. Needs no privilege."""

from __future__ import annotations

import errno
from functools import partial
from typing import TYPE_CHECKING, Callable

import attrs

from nimnetcheck.failures import LateError, WireError
from nimnetcheck.model import Text
from nimnetcheck.net import DeadlineError, fork, monotonic
from nimnetcheck.net.stream import connect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nimnetcheck.model import Address
    from nimnetcheck.net import Steps

WINDOW = 8  # hops that are tried at once: most of what drops stands within them
MAX_HOPS = 24
SILENT_ROUTERS = 4  # that many in a row that do not name themselves end the walk
PATIENCE_S = 1.6  # for each window: a SYN is sent again after a second, and routers ration their ICMP
TIME_EXCEEDED = {4: 11, 6: 3}


class Said(Text):
    """What came back for one hop limit."""

    PASSED_ON = "passed on"
    CONNECTED = "connected"
    ANSWERED = "answered"  # what was said once the connection stood
    CLOSED = "closed"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    UNNAMED = "answered, unnamed"
    SILENT = "silent"
    NOT_SENT = "not sent"
    UNFINISHED = "not waited for"  # the run ended before it could have been silent


LAST = frozenset({Said.CONNECTED, Said.ANSWERED, Said.CLOSED, Said.REFUSED, Said.UNREACHABLE})


@attrs.frozen(kw_only=True)
class Hop:
    """How far packets were let go, and what came back from there; `sender` where an ICMP message names it."""

    limit: int
    said: Said
    sender: Address | None = None
    detail: str = ""


def walk(address: Address, port: int, until: float) -> Steps[tuple[Hop, ...]]:
    """A SYN's way."""
    return (yield from go(partial(_step, address, port), until))


def go(step: Callable[[int, float], Steps[Hop]], until: float, farthest: int = MAX_HOPS) -> Steps[tuple[Hop, ...]]:
    """Take steps, each to a hop limit, as far as anything answers; in their order, up to the first that is the last."""
    hops: tuple[Hop, ...] = ()
    while len(hops) < farthest:
        late = min(until, monotonic() + PATIENCE_S)
        limits = range(len(hops) + 1, min(len(hops) + WINDOW, farthest) + 1)
        hops += yield from fork(step(limit, late) for limit in limits)
        if any(hop.said in LAST for hop in hops) or not _goes_on(hops):
            break
    return _trimmed(hops)


def evidence(hops: Sequence[Hop], port: int) -> dict[str, object]:
    """A walk in JSON values: the hops, where the last router is that passed packets on, and how it ended."""
    reached = max((hop.limit for hop in hops if hop.said in (Said.PASSED_ON, Said.UNNAMED)), default=0)
    last = hops[-1] if hops else None
    return {
        "port": port,
        "hops": [
            {"limit": hop.limit, "said": str(hop.said), "from": str(hop.sender) if hop.sender else None}
            | ({"detail": hop.detail} if hop.detail else {})
            for hop in hops
        ],
        "passed_on": reached,
        "ended": str(last.said) if last else "not tried",
        "ended_at": last.limit if last and last.said in LAST else None,
    }


def of_error(limit: int, error: WireError) -> Hop:
    """What an error means on a walk; pure. Before Linux 5.8 a TCP socket is not told who sent the ICMP message."""
    icmp = error.icmp
    if icmp is None:
        if error.errno in (errno.ECONNREFUSED, errno.ECONNRESET):
            return Hop(limit=limit, said=Said.REFUSED)
        if error.errno in (errno.EHOSTUNREACH, errno.ENETUNREACH):
            return Hop(limit=limit, said=Said.UNNAMED, detail=str(error.strerror))
        return Hop(limit=limit, said=Said.NOT_SENT, detail=str(error.strerror))
    if icmp.type == TIME_EXCEEDED[icmp.version]:
        return Hop(limit=limit, said=Said.PASSED_ON, sender=icmp.sender)
    if icmp.sender and icmp.sender == error.own:
        return Hop(limit=limit, said=Said.NOT_SENT, sender=icmp.sender, detail=str(icmp))
    return Hop(limit=limit, said=Said.UNREACHABLE, sender=icmp.sender, detail=str(icmp))


def _step(address: Address, port: int, limit: int, until: float) -> Steps[Hop]:
    try:
        stream = yield from connect(address, port, until, hops=limit)
    except LateError:
        return Hop(limit=limit, said=Said.SILENT)
    except DeadlineError:
        return Hop(limit=limit, said=Said.UNFINISHED)
    except WireError as error:
        return of_error(limit, error)
    except OSError as error:  # no socket to be had
        return Hop(limit=limit, said=Said.NOT_SENT, detail=str(error.strerror))
    stream.close()
    return Hop(limit=limit, said=Said.CONNECTED)


def _goes_on(hops: Sequence[Hop]) -> bool:
    return any(hop.said in (Said.PASSED_ON, Said.UNNAMED) for hop in hops[-SILENT_ROUTERS:])


def _trimmed(hops: Sequence[Hop]) -> tuple[Hop, ...]:
    """Up to the first hop that is the last; of the silence behind the last answer one hop is enough."""
    for index, hop in enumerate(hops):
        if hop.said in LAST:
            return tuple(hops[: index + 1])
    answered = [index for index, hop in enumerate(hops) if hop.said not in (Said.SILENT, Said.UNFINISHED)]
    return tuple(hops[: (answered[-1] if answered else -1) + 2])
