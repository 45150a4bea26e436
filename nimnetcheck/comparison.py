"""Two runs side by side, of two hosts or of before and after: the first rung at which each subject went apart; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

import attrs

from nimnetcheck.diagnosis.words import few, where
from nimnetcheck.model import Rung

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nimnetcheck.model import Observation, Report

NOT_TRIED = "not tried"
RUNGS = tuple(Rung)
FORM = frozenset({"output", "output-file", "color", "quiet", "verbose", "ticket"})  # settings that change no result


@attrs.frozen(kw_only=True)
class Difference:
    """What was seen of one subject in one run and not in the other, and at what."""

    subject: str
    rung: Rung
    at: str
    before: str
    after: str


@attrs.frozen(kw_only=True)
class Comparison:
    """Where two runs went apart: the first rung of each subject, lowest first; settings and findings beside it."""

    first: Report
    second: Report
    differences: tuple[Difference, ...]
    settings: tuple[tuple[str, str, str], ...]
    gone: tuple[str, ...]
    new: tuple[str, ...]


def compare(first: Report, second: Report) -> Comparison:
    """What differs; addresses that a name has in one run alone show on the dns rung, before anything dialled."""
    before, after = _by_subject(first), _by_subject(second)
    found = [
        difference
        for subject in dict.fromkeys([*before, *after])
        for difference in _first(subject, before.get(subject, {}), after.get(subject, {}))
    ]
    codes = [[finding.code for finding in report.findings] for report in (first, second)]
    return Comparison(
        first=first,
        second=second,
        differences=tuple(sorted(found, key=lambda difference: RUNGS.index(difference.rung))),
        settings=tuple(_settings(first, second)),
        gone=tuple(code for code in codes[0] if code not in codes[1]),
        new=tuple(code for code in codes[1] if code not in codes[0]),
    )


def _by_subject(report: Report) -> Mapping[str, Mapping[Rung, Mapping[str, Observation]]]:
    """What was seen, by subject, rung and title; no controls, since these are made only where something failed."""
    found: dict[str, dict[Rung, dict[str, Observation]]] = {}
    for seen in report.observations:
        if not seen.control:
            found.setdefault(seen.subject, {}).setdefault(seen.rung, {})[seen.title] = seen
    return found


def _first(
    subject: str, before: Mapping[Rung, Mapping[str, Observation]], after: Mapping[Rung, Mapping[str, Observation]]
) -> Iterator[Difference]:
    """The differences of the lowest rung that has any; places that went apart in the same way are one."""
    for rung in RUNGS:
        one, other = before.get(rung, {}), after.get(rung, {})
        alike: dict[tuple[str, str], list[Observation]] = {}
        for title in dict.fromkeys([*one, *other]):
            pair = _words(one.get(title)), _words(other.get(title))
            if pair[0] != pair[1]:
                alike.setdefault(pair, []).append(one[title] if title in one else other[title])
        for (was, now), group in alike.items():
            yield Difference(subject=subject, rung=rung, at=_place(group), before=was, after=now)
        if alike:
            return


def _place(group: Iterable[Observation]) -> str:
    group = tuple(group)
    return few(where(group)) or few(tuple(dict.fromkeys(seen.title for seen in group)))


def _words(seen: Observation | None) -> str:
    """The outcome and what matters on its rung: never what differs from run to run by itself, as times do."""
    if seen is None:
        return NOT_TRIED
    said = str(seen.failure).replace("_", " ") if seen.failure else str(seen.outcome)
    told = FACTS[seen.rung](seen.evidence) if seen.rung in FACTS else ""
    return f"{said}: {told}" if told else said


def _addresses(evidence: Mapping[str, object]) -> str:
    found = evidence.get("addresses")
    return ", ".join(sorted(map(str, found))) if isinstance(found, (list, tuple)) else ""


def _icmp(evidence: Mapping[str, object]) -> str:
    icmp = evidence.get("icmp")
    return f"ICMP {icmp.get('type')}/{icmp.get('code')} from {icmp.get('sender')}" if isinstance(icmp, dict) else ""


def _issuer(evidence: Mapping[str, object]) -> str:
    chain = evidence.get("chain")
    leaf = chain[0] if isinstance(chain, (list, tuple)) and chain else None
    return f"issued by {leaf.get('issuer')}" if isinstance(leaf, dict) and leaf.get("issuer") else ""


def _status(evidence: Mapping[str, object]) -> str:
    status = evidence.get("status")
    return f"HTTP {status}" if isinstance(status, int) else ""


FACTS: Mapping[Rung, Callable[[Mapping[str, object]], str]] = {
    Rung.DNS: _addresses,
    Rung.TCP: _icmp,
    Rung.TLS: _issuer,
    Rung.HTTP: _status,
}


def _settings(first: Report, second: Report) -> Iterator[tuple[str, str, str]]:
    """The settings whose values differ; one that a run does not have is empty there."""
    one, other = ({setting.key: setting.value for setting in report.settings} for report in (first, second))
    for key in dict.fromkeys([*one, *other]):
        if key not in FORM and one.get(key, "") != other.get(key, ""):
            yield key, one.get(key, ""), other.get(key, "")
