"""A host's own firewall, judged by the kernel for the targets of a run, and for errors about open connections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from nimnetcheck.errors import NotJudgedError
from nimnetcheck.model import Failure, KernelVerdict, Observation, Outcome, Rung
from nimnetcheck.net.clock import monotonic
from nimnetcheck.twin.ask import twins
from nimnetcheck.twin.capture.live import take
from nimnetcheck.twin.capture.parts import IPSET, NFT, assemble
from nimnetcheck.twin.flow import Flow
from nimnetcheck.twin.observe import ERRORS, SUBJECT, evidence, unheard, words
from nimnetcheck.twin.verdict import NO_ROUTE
from nimnetcheck.twin.wire import Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nimnetcheck.twin.answer import Judged
    from nimnetcheck.twin.capture.live import Taken
    from nimnetcheck.twin.capture.value import Capture

__all__ = ["again", "concluded", "observe", "take", "texts"]

TITLE = "Firewall rules"
_BLOCKED = frozenset({KernelVerdict.DROP, KernelVerdict.REJECT})


def again(observations: Sequence[Observation], capture: Capture) -> tuple[Observation, ...]:
    """What was seen on another host, with its firewall judged anew by the kernel of this one."""
    others = tuple(one for one in observations if one.subject != SUBJECT or not one.title.startswith((TITLE, ERRORS)))
    return (*others, *_judged(others, lambda: capture, live=False))


def observe(probed: Iterable[Observation], taken: Taken | None = None) -> tuple[Observation, ...]:
    """What this host's rules do with every target of these observations, and with errors about them; as root."""
    return _judged(probed, lambda: _assembled(taken or take()), live=True)


def texts(taken: Taken) -> Mapping[str, str]:
    """What the tools printed of this host's rules, by whose it is."""
    named = {"this host's nftables": NFT, "this host's ipset": IPSET}
    return {name: taken.parts[part].text for name, part in named.items() if part in taken.parts}


def _judged(probed: Iterable[Observation], capture: Callable[[], Capture], *, live: bool) -> tuple[Observation, ...]:
    flows = tuple(dict.fromkeys(_flow(one) for one in probed if one.target and not one.target.address.is_loopback))
    if not flows:
        return (_seen(Outcome.SKIPPED, because="no address is known to ask about"),)
    begun = monotonic()
    try:
        with twins(live=live) as asking:
            judged = asking(Question(capture=capture(), flows=flows, errors=True)).judged
    except NotJudgedError as error:
        return (_seen(Outcome.SKIPPED, because=str(error)),)
    flows_judged = [one for one in judged if not one.flow.is_error]
    return (concluded(flows_judged, monotonic() - begun), *unheard(judged))


def concluded(judged: Sequence[Judged], elapsed_s: float = 0.0) -> Observation:
    """One observation of all judgements: the first that is blocked tells the cause."""
    blocked = [one for one in judged if one.verdict in _BLOCKED]
    unsure = [one for one in judged if one.verdict is KernelVerdict.NOT_JUDGED and one.because != NO_ROUTE]
    left = sum(one.verdict is KernelVerdict.ACCEPT for one in judged)
    if blocked:
        told = f"{len(blocked)} of {len(judged)} flows: {words(blocked[0])}"
        found = {**evidence(blocked[0]), "blocked": [str(one.flow) for one in blocked]}
        return _seen(Outcome.FAILED, told, found=found, elapsed_s=elapsed_s)
    if unsure or not left:
        return _seen(Outcome.SKIPPED, because=words((unsure or list(judged))[0]), elapsed_s=elapsed_s)
    return _seen(Outcome.PASSED, f"{left} flows leave, judged by the kernel in a copy of them", elapsed_s=elapsed_s)


def _assembled(taken: Taken) -> Capture:
    return assemble(taken.parts, taken.facts)


def _flow(seen: Observation) -> Flow:
    assert seen.target  # noqa: S101 (the caller chose those that have one)
    address, port = seen.target.dialled
    return Flow(address=address, port=port)


def _seen(
    outcome: Outcome,
    detail: str = "",
    because: str = "",
    found: Mapping[str, object] | None = None,
    elapsed_s: float = 0.0,
) -> Observation:
    return Observation(
        subject=SUBJECT,
        rung=Rung.PATH,
        title=TITLE,
        outcome=outcome,
        failure=Failure.BLOCKED_LOCALLY if outcome is Outcome.FAILED else None,
        detail=detail,
        because=because,
        evidence=found or {},
        elapsed_s=elapsed_s,
    )
