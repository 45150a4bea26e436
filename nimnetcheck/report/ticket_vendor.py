"""One page for F5 support: what is proven fine, what is not, and what is not known; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck import __version__
from nimnetcheck.model import Outcome, Rung, Severity, Verdict
from nimnetcheck.report import days
from nimnetcheck.report.sheet import Bullets, Code, Heading, Paragraph, Table
from nimnetcheck.report.subjects import by_subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.model import Observation, Report
    from nimnetcheck.report.sheet import Block

MANY_ROWS = 40
STEPS = (Rung.HOST, Rung.AUTH, Rung.SUBMIT)


def ticket(report: Report) -> tuple[Block, ...]:
    """The page."""
    return (
        Heading(f"NGINX usage reporting from {report.host}: {report.headline}"),
        Paragraph(
            f"{report.verdict}, by `nimnetcheck {report.command}` {__version__}, {report.started_at:%Y-%m-%d %H:%M:%S} "
            f"UTC, in {report.duration_s:.1f} s (run {report.run_id})."
        ),
        *([Bullets(tuple(days.words(deadline) for deadline in report.deadlines))] if report.deadlines else []),
        *(Paragraph(note) for note in report.notes),
        *_section(report, "Proven fine", "what shows it", Outcome.PASSED),
        *_section(report, "Not fine", "what was seen", Outcome.FAILED),
        *_section(report, "Not tried, so not known", "why", Outcome.SKIPPED),
        *_causes(report),
        *_messages(report),
        *_settings(report),
    )


def _section(report: Report, heading: str, column: str, outcome: Outcome) -> Iterator[Block]:
    rows = list(_rows(report, outcome))
    if rows:
        yield Heading(heading)
        yield Table(("of", "what", column), tuple(rows[:MANY_ROWS]))
    if len(rows) > MANY_ROWS:
        yield Paragraph(f"And {len(rows) - MANY_ROWS} more.")


def _rows(report: Report, outcome: Outcome) -> Iterator[tuple[str, ...]]:
    """Endpoints as they were judged, by the rung that shows it; host checks and flows step by step.

    An endpoint that works in part is fine, with what shows it, and not fine, with what was seen.
    """
    wanted = {
        Outcome.PASSED: (Verdict.PASS, Verdict.WARN),
        Outcome.FAILED: (Verdict.FAIL, Verdict.UNKNOWN, Verdict.WARN),
        Outcome.SKIPPED: (Verdict.SKIP,),
    }[outcome]
    subjects = by_subject(seen for seen in report.observations if not seen.control)
    for judgement in report.judgements:
        seen = subjects.get(judgement.subject, [])
        steps = [observation for observation in seen if observation.rung in STEPS]
        for step in steps:
            if step.outcome is outcome:
                yield (judgement.subject, step.title, _said(step))
        if not steps and judgement.verdict in wanted:
            yield (judgement.subject, judgement.summary, _shown(seen, outcome))


def _said(step: Observation) -> str:
    proves = str(step.evidence.get("proves") or "") if step.outcome is Outcome.PASSED else ""
    failure = str(step.failure or "").replace("_", " ")
    return ": ".join(part for part in (failure, step.detail or proves, step.because) if part)


def _shown(seen: list[Observation], outcome: Outcome) -> str:
    """The highest rung that held, or the first that broke."""
    held = [observation for observation in seen if observation.outcome is outcome and observation.target]
    if not held:
        return next((_said(observation) for observation in seen if observation.outcome is outcome), "")
    if outcome is Outcome.FAILED:
        return _said(held[0])
    top = max(held, key=lambda observation: list(Rung).index(observation.rung))
    return " ".join(part for part in (top.rung.upper(), top.detail, _issuer(held)) if part)


def _issuer(held: list[Observation]) -> str:
    """Who signed the certificate that was verified."""
    for observation in held:
        chain = observation.evidence.get("chain")
        if observation.evidence.get("verified") and isinstance(chain, list) and chain and isinstance(chain[0], dict):
            return f"(certificate verified, issued by {chain[0].get('issuer')})"
    return ""


def _causes(report: Report) -> Iterator[Block]:
    told = [finding for finding in report.findings if finding.severity is not Severity.INFO]
    if not told:
        return
    yield Heading("What it amounts to")
    for finding in told:
        yield Paragraph(f"{finding.title} (`{finding.code}`, {finding.confidence}). {finding.explanation}")
        items = (*finding.evidence, *(f"Or else: {other}" for other in finding.alternatives))
        if items:
            yield Bullets(items)


def _messages(report: Report) -> Iterator[Block]:
    """Each request that was refused, with the answer to it."""
    for step in report.observations:
        request, response = step.evidence.get("request"), step.evidence.get("response")
        if step.rung is Rung.SUBMIT and step.failure and isinstance(request, dict):
            answer = response if isinstance(response, dict) else {}
            yield Heading(f"Request and answer: {step.title}")
            lines = [f"{request.get('method')} {request.get('url')}", f"{answer.get('status', 'no answer')}"]
            yield Code("\n".join([*lines, *(f"{key}: {value}" for key, value in answer.items() if key != "status")]))


def _settings(report: Report) -> Iterator[Block]:
    chosen = [setting for setting in report.settings if setting.value and setting.source != "default"]
    if chosen:
        yield Heading("Settings that are not the default")
        yield Table(("setting", "value", "from"), tuple((each.key, each.value, each.source) for each in chosen))
