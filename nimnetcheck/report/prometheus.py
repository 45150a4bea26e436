"""The report in Prometheus' text format: names as blackbox_exporter's, so that existing panels fit.

`probe_duration_seconds` has a phase for each rung, the median of the addresses on which it held. An endpoint that was
not tried has no sample at all; one that could not be judged has no success.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timezone
from statistics import median
from typing import TYPE_CHECKING

import attrs

from nimnetcheck import __version__
from nimnetcheck.model import Outcome, Rung, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nimnetcheck.model import Deadline, Finding, Observation, Report
    from nimnetcheck.report.style import Style

PHASES: Mapping[Rung, str] = {
    Rung.DNS: "resolve",
    Rung.TCP: "connect",
    Rung.PROXY: "proxy",
    Rung.TLS: "tls",
    Rung.HTTP: "processing",
    Rung.SUBMIT: "submit",
}
GOOD = frozenset({Verdict.PASS, Verdict.WARN})
LONGEST_LABEL = 200


@attrs.frozen
class Sample:
    """One value with its labels."""

    value: float
    labels: Mapping[str, str] = attrs.field(factory=dict)


@attrs.frozen
class Metric:
    """A family of gauges."""

    name: str
    help: str
    samples: tuple[Sample, ...]


def render(report: Report, style: Style) -> str:  # noqa: ARG001 (every form has this signature)
    """One run as gauges."""
    return "".join(_text(metric) for metric in metrics(report) if metric.samples)


def metrics(report: Report) -> Iterator[Metric]:
    """What a report says in numbers."""
    tried = [judgement for judgement in report.judgements if judgement.verdict is not Verdict.SKIP]
    seen = [o for o in report.observations if not o.control and o.outcome is not Outcome.SKIPPED]
    yield Metric(
        "probe_success",
        "Whether the path to the endpoint, or the flow, was proven.",
        tuple(Sample(judgement.verdict in GOOD, {"endpoint": judgement.subject}) for judgement in tried),
    )
    yield Metric(
        "probe_duration_seconds",
        "Seconds in each phase, the median of the addresses on which it held.",
        tuple(_durations(seen)),
    )
    yield Metric("probe_http_status_code", "The status of the last answer.", tuple(_statuses(seen)))
    yield Metric(
        "probe_ssl_earliest_cert_expiry",
        "When the first certificate of the chains that verified expires, in Unix time.",
        tuple(_expiries(seen)),
    )
    yield Metric(
        "nimnetcheck_deadline_days",
        "Days until something happens if nothing is done; negative once it is past.",
        tuple(Sample(each.days_left, {"deadline": each.name}) for each in _by_name(report)),
    )
    yield Metric(
        "nimnetcheck_days_since_accepted_report",
        "Days since the last report that was accepted, where this host knows.",
        tuple(_since_accepted(report)),
    )
    yield Metric(
        "nimnetcheck_failures", "Observations that failed, by the name of the failure.", tuple(_failures(seen))
    )
    yield Metric(
        "nimnetcheck_finding",
        "A diagnosis that applied.",
        tuple(Sample(1, {"code": f.code, "severity": str(f.severity)}) for f in _unique(report)),
    )
    yield Metric(
        "nimnetcheck_exit_code", "0 passed, 1 failed, 3 inconclusive, 4 warnings.", (Sample(report.exit_code),)
    )
    yield Metric("nimnetcheck_run_duration_seconds", "Seconds the run took.", (Sample(round(report.duration_s, 3)),))
    yield Metric(
        "nimnetcheck_run_timestamp_seconds",
        "When the run began, in Unix time.",
        (Sample(report.started_at.timestamp()),),
    )
    labels = {"version": __version__, "command": report.command, "verdict": str(report.verdict)}
    yield Metric("nimnetcheck_info", "Which version said so, and what.", (Sample(1, labels),))


def _unique(report: Report) -> Iterable[Finding]:
    """The findings, one for each code and severity: a series may stand once only."""
    return {(finding.code, finding.severity): finding for finding in report.findings}.values()


def _durations(seen: Iterable[Observation]) -> Iterator[Sample]:
    held: dict[tuple[str, str], list[float]] = {}
    for observation in seen:
        if observation.outcome is Outcome.PASSED and observation.rung in PHASES:
            held.setdefault((observation.subject, PHASES[observation.rung]), []).append(observation.elapsed_s)
    for (subject, phase), values in held.items():
        taken = sum(values) if phase == "submit" else median(values)
        yield Sample(round(taken, 6), {"endpoint": subject, "phase": phase})


def _statuses(seen: Iterable[Observation]) -> Iterator[Sample]:
    found = {}
    for observation in seen:
        status = observation.evidence.get("status")
        if observation.rung is Rung.HTTP and isinstance(status, int):
            found[observation.subject] = status
    yield from (Sample(status, {"endpoint": subject}) for subject, status in found.items())


def _expiries(seen: Iterable[Observation]) -> Iterator[Sample]:
    found: dict[str, float] = {}
    for observation in seen:
        chain = observation.evidence.get("chain")
        if observation.rung is not Rung.TLS or not isinstance(chain, list) or not observation.evidence.get("verified"):
            continue
        ends = [end for end in map(_end, chain) if end is not None]
        found[observation.subject] = min([*ends, found.get(observation.subject, float("inf"))])
    yield from (Sample(end, {"endpoint": subject}) for subject, end in found.items() if end != float("inf"))


def _end(certificate: object) -> float | None:
    text = certificate.get("not_after") if isinstance(certificate, dict) else None
    try:
        return datetime.strptime(str(text), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp()
    except (ValueError, OverflowError):
        return None


def _by_name(report: Report) -> Iterable[Deadline]:
    """The nearest of each name."""
    return {deadline.name: deadline for deadline in reversed(report.deadlines)}.values()


def _since_accepted(report: Report) -> Iterator[Sample]:
    told = [moment for o in report.observations if (moment := _moment(o.evidence.get("accepted")))]
    if told:
        yield Sample((report.started_at - max(told)).days)


def _moment(value: object) -> datetime | None:
    """A moment as evidence holds it; a saved report may hold anything."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def _failures(seen: Iterable[Observation]) -> Iterator[Sample]:
    count = Counter((o.subject, str(o.failure)) for o in seen if o.failure)
    for (subject, failure), number in count.items():
        yield Sample(number, {"endpoint": subject, "failure": failure})


def _text(metric: Metric) -> str:
    head = f"# HELP {metric.name} {metric.help}\n# TYPE {metric.name} gauge\n"
    return head + "".join(f"{metric.name}{_labels(s.labels)} {_number(s.value)}\n" for s in metric.samples)


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    return value[:LONGEST_LABEL].replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))
