"""A twin's answer as observations: one for each flow and whom it is for, and what the host does not hear; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from nimnetcheck.model import Failure, KernelVerdict, Observation, Outcome, Rung
from nimnetcheck.twin.verdict import NO_ROUTE
from nimnetcheck.twin.wanted import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nimnetcheck.twin.answer import Judged, Rule
    from nimnetcheck.twin.wanted import Wanted

SUBJECT = "host"
ERRORS = "ICMP errors about"
_WAYS = {"request": "on the way out", "reply": "on the way back", "error": "on the way in"}


def observe(asked: Sequence[Wanted | Unknown], judged: Iterable[Judged]) -> tuple[Observation, ...]:
    """What the kernel did with each flow that was asked for, and with an error message where it did not come in."""
    judged = tuple(judged)
    by_flow = {one.flow: one for one in judged}
    routed = {one.subject for one in asked if not isinstance(one, Unknown) and by_flow[one.flow].because != NO_ROUTE}
    flows = (
        _unknown(one) if isinstance(one, Unknown) else _seen(one, by_flow[one.flow], routed=one.subject in routed)
        for one in asked
    )
    return (*flows, *unheard(judged))


def unheard(judged: Iterable[Judged]) -> Iterator[Observation]:
    """The error messages that do not come in."""
    return (_unheard(one) for one in judged if one.flow.is_error and one.verdict is not KernelVerdict.ACCEPT)


def where(rule: Rule) -> str:
    """A rule's place in words: `nftables inet filter output rule 3 (handle 12, FILE:7)`."""
    number = f"rule {rule.number}" if rule.number else "policy" if rule.twin_handle is None else "a rule"
    known = [f"handle {rule.handle}"] if rule.handle is not None else []
    known += [f"{rule.file}:{rule.line}"] if rule.line else []
    at = f" ({', '.join(known)})" if known else ""
    return f"{rule.firewall} {rule.family} {rule.table} {rule.chain} {number}{at}"


def words(judged: Judged) -> str:
    """What became of a flow, and where, in one line; the rule's own words and the jumps are in the evidence."""
    if judged.rule is None:
        return judged.because
    said = judged.because or f"{judged.verdict} {_WAYS[str(judged.leg)]}"
    return f"{said}, by {where(judged.rule)}"


def _seen(asked: Wanted, judged: Judged, *, routed: bool) -> Observation:
    """A family that the host has no route for is not held against an endpoint that is judged by the other."""
    outcome, failure = _OUTCOMES[judged.verdict]
    unrouted = judged.because == NO_ROUTE and routed
    return Observation(
        subject=asked.subject,
        rung=Rung.PATH,
        title=str(asked.flow),
        outcome=Outcome.SKIPPED if unrouted else outcome,
        failure=None if unrouted else failure,
        because=judged.because if unrouted else "",
        detail="" if unrouted else words(judged),
        required=asked.required,
        evidence=evidence(judged),
    )


def _unheard(judged: Judged) -> Observation:
    """One message stands for those about all connections of its IP version; they open all the same."""
    unsure = judged.verdict is KernelVerdict.NOT_JUDGED
    return Observation(
        subject=SUBJECT,
        rung=Rung.PATH,
        title=f"{ERRORS} {judged.flow.connection}",
        outcome=Outcome.SKIPPED if unsure else Outcome.FAILED,
        failure=None if unsure else Failure.BLOCKED_LOCALLY,
        because=words(judged) if unsure else "",
        detail="" if unsure else words(judged),
        required=False,
        evidence=evidence(judged),
    )


def evidence(judged: Judged) -> Mapping[str, object]:
    """The judgement as JSON values."""
    found: dict[str, object] = {"flow": str(judged.flow), "kernel": str(judged.verdict)}
    if judged.leg:
        found["leg"] = str(judged.leg)
    if judged.rule:
        found["rule"] = _plain(judged.rule)
        found["path"] = [_plain(jump) for jump in judged.path]
    if judged.because:
        found["because"] = judged.because
    if judged.limit:
        found["limit"] = judged.limit
    return found


def _plain(rule: Rule) -> Mapping[str, object]:
    return attrs.asdict(rule, filter=lambda field, _: field.name != "twin_handle", value_serializer=_text)


def _text(_: object, __: object, value: object) -> object:
    return str(value) if isinstance(value, str) else value


_OUTCOMES = {
    KernelVerdict.ACCEPT: (Outcome.PASSED, None),
    KernelVerdict.DROP: (Outcome.FAILED, Failure.BLOCKED_LOCALLY),
    KernelVerdict.REJECT: (Outcome.FAILED, Failure.BLOCKED_LOCALLY),
    KernelVerdict.NOT_JUDGED: (Outcome.FAILED, Failure.UNKNOWN),
}


def _unknown(asked: Unknown) -> Observation:
    return Observation(
        subject=asked.subject,
        rung=Rung.PATH,
        title=asked.subject,
        outcome=Outcome.FAILED if asked.required else Outcome.SKIPPED,
        failure=Failure.UNKNOWN if asked.required else None,
        because="" if asked.required else asked.because,
        detail=asked.because if asked.required else "",
        required=asked.required,
    )
