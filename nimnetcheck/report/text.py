"""The report for a person at a terminal: the verdict first, then what failed and what to do about it."""

from __future__ import annotations

import itertools
import textwrap
from typing import TYPE_CHECKING

from tabulate import tabulate

from nimnetcheck.diagnosis.context import LOGS
from nimnetcheck.model import Outcome, Rung, Scope, Severity, Verdict
from nimnetcheck.probe.range import draw
from nimnetcheck.report import bars, days
from nimnetcheck.report import flows as flows_told
from nimnetcheck.report.subjects import by_subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nimnetcheck.model import Finding, Observation, Report
    from nimnetcheck.report.style import Style

EVIDENCE = 2  # -vv
ALIKE = 3  # so many of those that went alike are told
_WORDS = {Outcome.PASSED: Verdict.PASS, Outcome.FAILED: Verdict.FAIL, Outcome.SKIPPED: Verdict.SKIP}


def render(report: Report, style: Style) -> str:
    """The whole report; with --quiet only its first line."""
    first = f"{style.word(report.verdict)}  {style.strong(report.headline)}"
    if style.quiet:
        return style_lines([first])
    parts = [first, *_deadlines(report, style), "", *_judgements(report, style)]
    flows = by_subject(o for o in report.observations if o.rung is Rung.SUBMIT and o.subject != LOGS)
    for subject, steps in flows.items():
        if not _is_told(report, steps, style):
            continue
        parts += ["", style.strong(f"{subject}, step by step"), *_steps(steps, style)]
    parts += [*flows_told.draw(report.observations, style), *_maps(report, style), *bars.draw(report, style)]
    if style.verbose:
        parts += ["", style.strong("Observations"), *_observations(report.observations, style)]
    for finding in report.findings:
        if style.verbose or finding.severity is not Severity.INFO:
            parts += ["", *_finding(finding, style)]
    if report.notes:
        parts += ["", *(line for note in report.notes for line in _wrapped(style.safe(note), style))]
    parts += ["", f"exit code {report.exit_code}, {report.duration_s:.1f} s, run {report.run_id}"]
    return style_lines(parts)


def _deadlines(report: Report, style: Style) -> list[str]:
    """What happens on which day if nothing is done: it decides how urgent the rest is."""
    lines = []
    for deadline in report.deadlines:
        lines += _wrapped(style.safe(days.words(deadline)), style, indent=2)
    return ["", *lines] if lines else []


def _is_told(report: Report, steps: Sequence[Observation], style: Style) -> bool:
    """Whether a submission is told step by step: it was asked for, or something in it went wrong."""
    whole = all(step.outcome is Outcome.PASSED for step in steps)
    return report.command == "simulate" or bool(style.verbose) or not whole


def style_lines(lines: Iterable[str]) -> str:
    """Lines to text, with no blanks at their ends."""
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _judgements(report: Report, style: Style) -> list[str]:
    rows = []
    for judgement in report.judgements:
        optional = "" if judgement.required or judgement.subject == Scope.HOST else " (optional)"
        rows.append((style.word(judgement.verdict), judgement.subject + optional, style.safe(judgement.summary)))
    return _table(rows, style)


def _table(rows: Sequence[tuple[str, ...]], style: Style) -> list[str]:
    """Aligned columns; the last one is wrapped into what is left of the width."""
    if not rows:
        return []
    used = sum(max(_visible(row[column]) for row in rows) + 2 for column in range(len(rows[0]) - 1))
    room = max(20, style.columns - used - 2)
    wrapped = [(*row[:-1], textwrap.fill(row[-1], room, break_on_hyphens=False)) for row in rows]
    table = tabulate(wrapped, tablefmt="plain", disable_numparse=True)
    return [f"  {line}" for line in table.splitlines()]


def _visible(cell: str) -> int:
    return len(cell) - (len("\x1b[00m\x1b[0m") if cell.startswith("\x1b") else 0)


def _steps(steps: Sequence[Observation], style: Style) -> list[str]:
    """Step by step; of many that went alike, as files of one submission do, the first few stand for all."""
    lines: list[str] = []
    number = 0
    for _, group in itertools.groupby(steps, key=lambda step: (step.title, step.outcome)):
        same = list(group)
        told = same if style.verbose or same[0].failure else same[:ALIKE]
        for offset in range(len(told)):
            lines += _step(steps, number + offset, style)
        number += len(same)
        if len(told) < len(same):
            lines.append(f"     and {len(same) - len(told)} more of these {same[0].outcome}; -v tells each")
    return lines


def _step(steps: Sequence[Observation], index: int, style: Style) -> list[str]:
    step = steps[index]
    time = f"{step.elapsed_s * 1000:.0f} ms" if step.outcome is not Outcome.SKIPPED else ""
    lines = [f"  {index + 1:>2} {style.word(_WORDS[step.outcome])}  {style.safe(step.title)}  {time}"]
    for key, label in (("request", "request"), ("response", "answer"), ("proves", "proves"), ("label", "contract")):
        value = step.evidence.get(key)
        if value and step.outcome is not Outcome.SKIPPED:
            lines += _wrapped(f"{label}: {style.safe(_flat(value))}", style, indent=11)
    if step.failure:
        lines += _wrapped(f"{step.failure}: {style.safe(step.detail)}", style, indent=11)
    if step.because and (index + 1 == len(steps) or steps[index + 1].because != step.because):
        lines += _wrapped(f"not tried, because {style.safe(step.because)}", style, indent=11)  # once for all alike
    return lines


def _flat(value: object) -> str:
    if isinstance(value, dict):
        return "  ".join(
            f"{item}" if key in ("method", "url", "status") else f"{key}={item}" for key, item in value.items()
        )
    return str(value)


def _maps(report: Report, style: Style) -> list[str]:
    lines: list[str] = []
    ranges = by_subject(o for o in report.observations if o.target and o.target.host is None)
    for subject, seen in ranges.items():
        drawing = draw(seen)
        if drawing and (style.verbose or any(o.outcome is not Outcome.PASSED for o in seen)):
            lines += ["", style.strong(f"{subject}, address by address"), *(f"  {line}" for line in drawing)]
    return lines


def _observations(observations: Sequence[Observation], style: Style) -> list[str]:
    rows = []
    for seen in observations:
        if seen.rung is Rung.SUBMIT:
            continue
        said = str(seen.failure or "") or seen.because or ""
        words = ": ".join(part for part in (said, seen.detail) if part)
        if style.verbose >= EVIDENCE and seen.evidence:
            words += " " + _flat(dict(seen.evidence))
        took = f"{seen.elapsed_s * 1000:.0f} ms"
        rows.append(
            (
                style.word(_WORDS[seen.outcome]),
                seen.subject,
                str(seen.rung),
                style.safe(seen.title),
                took,
                style.safe(words),
            )
        )
    return _table(rows, style)


def _finding(finding: Finding, style: Style) -> list[str]:
    verdict = {Severity.ERROR: Verdict.FAIL, Severity.WARNING: Verdict.WARN}.get(finding.severity)
    word = style.word(verdict) if verdict else "INFO"
    first, *more = textwrap.wrap(finding.title, style.columns - 6)
    lines = [f"{word}  {style.strong(first)}", *(f"      {style.strong(line)}" for line in more)]
    lines += [f"      [{finding.code}]  {finding.confidence}", *_wrapped(style.safe(finding.explanation), style)]
    lines += _wrapped(f"Where: {', '.join(finding.subjects)}", style)
    lines += [line for item in finding.evidence for line in _wrapped(f"- {style.safe(item)}", style)]
    lines += _wrapped(f"Do: {style.safe(finding.action)}", style)
    lines += [f"        {style.safe(command)}" for command in finding.commands]  # never wrapped: made to be copied
    lines += [line for other in finding.alternatives for line in _wrapped(f"Or else: {style.safe(other)}", style)]
    if finding.settle:
        lines += ["      To settle it:", f"        {style.safe(finding.settle)}"]
    if finding.explains:
        lines += _wrapped(f"Explains: {', '.join(finding.explains)}", style)
    return lines


def _wrapped(text: str, style: Style, *, indent: int = 6) -> list[str]:
    pad = " " * indent
    return textwrap.wrap(text, style.columns, initial_indent=pad, subsequent_indent=pad + "  ", break_on_hyphens=False)
