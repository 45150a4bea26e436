"""The report as one page for a browser: it loads nothing and runs nothing; for day and night, phone and paper."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
from markupsafe import Markup, escape

from nimnetcheck import __version__
from nimnetcheck.model import Confidence, Outcome, Severity, Verdict
from nimnetcheck.probe.range import Cell
from nimnetcheck.report import days
from nimnetcheck.report.path_picture import pictures
from nimnetcheck.report.places import State
from nimnetcheck.report.range_map import maps
from nimnetcheck.report.sequence import sequences
from nimnetcheck.report.style import Style
from nimnetcheck.report.subjects import by_subject
from nimnetcheck.report.waterfall import milliseconds, waterfalls

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimnetcheck.model import Report

PAGE = Path(__file__).parent / "page"
SHOWN_ROWS = 12  # a waterfall of more is folded but for a few
FEW_ROWS = 4
OPEN_WAYS = 6
SHOWN_EVIDENCE = 400
PLAIN = Style()
TONES: Mapping[str, str] = {
    Verdict.PASS: "good",
    Verdict.WARN: "warn",
    Verdict.FAIL: "bad",
    Verdict.UNKNOWN: "unknown",
    Verdict.SKIP: "none",
    Severity.ERROR: "bad",
    Severity.WARNING: "warn",
    Severity.INFO: "none",
    Outcome.PASSED: "good",
    Outcome.FAILED: "bad",
    Outcome.SKIPPED: "none",
    Cell.PROVEN: "good",
    Cell.SILENT: "warn",
    Cell.BLOCKED: "bad",
    Cell.NOT_JUDGED: "none",
}
STATES = {
    State.PROVEN: "works",
    State.ENDS: "ends",
    State.SUSPECT: "perhaps",
    State.UNREACHED: "unreached",
    State.UNSEEN: "unreached",
}
MARKS: Mapping[str, str] = {
    State.PROVEN: "✓",
    State.ENDS: "✕",
    State.SUSPECT: "?",
    State.UNREACHED: "",
    State.UNSEEN: "",
    Cell.PROVEN: "✓",
    Cell.SILENT: "·",
    Cell.BLOCKED: "✕",
    Cell.NOT_JUDGED: "?",
}
SEVERITIES = {Severity.ERROR: str(Verdict.FAIL), Severity.WARNING: str(Verdict.WARN), Severity.INFO: "INFO"}
SURENESS = {Confidence.CERTAIN: "The cause", Confidence.LIKELY: "Most likely", Confidence.POSSIBLE: "Perhaps"}
OUTCOMES = {Outcome.PASSED: Verdict.PASS, Outcome.FAILED: Verdict.FAIL, Outcome.SKIPPED: Verdict.SKIP}


def render(report: Report, style: Style) -> str:  # noqa: ARG001 (every form has this signature)
    """The whole page; colour, width and verbosity are the browser's affair."""
    told = [finding for finding in report.findings if finding.severity is not Severity.INFO]
    flows = sequences(report)
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            report=report,
            when=f"{report.started_at:%d %B %Y, %H:%M}",
            told=told,
            folded=[finding for finding in report.findings if finding not in told],
            pictures=sorted(pictures(report), key=lambda picture: _order(picture.judgement.verdict)),
            maps=maps(report),
            waterfalls=sorted(waterfalls(report), key=lambda waterfall: not waterfall.broken),
            sequences=flows,
            lone=len(flows) == 1,
            observed=by_subject(report.observations),
        )
    )


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PAGE),
        autoescape=True,
        finalize=_clean,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        css=Markup((PAGE / "page.css").read_text(encoding="utf-8")),  # noqa: S704 (our own file)
        version=__version__,
        tones=TONES,
        states=STATES,
        marks=MARKS,
        outcomes=OUTCOMES,
        severities=SEVERITIES,
        sureness=SURENESS,
        shown=SHOWN_ROWS,
        few=FEW_ROWS,
        open_ways=OPEN_WAYS,
        milliseconds=milliseconds,
        in_words=days.words,
        urgency=days.urgency,
        share=_share,
        flat=_flat,
    )
    environment.filters["coded"] = _coded
    return environment


def _coded(text: str) -> Markup:
    """Text whose `quoted` parts are set as code."""
    parts = PLAIN.safe(text).split("`")
    if len(parts) % 2 == 0:
        return escape(PLAIN.safe(text))
    wrapped = (f"<code>{escape(part)}</code>" if at % 2 else escape(part) for at, part in enumerate(parts))
    return Markup("").join(Markup(part) for part in wrapped)  # noqa: S704 (each part is escaped)


def _clean(value: object) -> object:
    """Text from outside without control characters; what the templates made stays as it is."""
    return PLAIN.safe(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _order(verdict: Verdict) -> int:
    """What needs a look comes first."""
    return (Verdict.FAIL, Verdict.UNKNOWN, Verdict.WARN, Verdict.PASS, Verdict.SKIP).index(verdict)


def _share(seconds: float, span_s: float) -> str:
    return f"{seconds / span_s:.2%}"


def _flat(evidence: Mapping[str, object]) -> str:
    if not evidence:
        return ""
    text = json.dumps(dict(evidence), ensure_ascii=False)
    return text if len(text) <= SHOWN_EVIDENCE else f"{text[:SHOWN_EVIDENCE]} …"
