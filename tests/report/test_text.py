"""The text form: verdict first, what failed with what to do, nothing that could harm a terminal."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.model import Deadline
from nimnetcheck.report.style import Style
from nimnetcheck.report.text import render

if TYPE_CHECKING:
    from nimnetcheck.model import Report


def test_the_first_line_is_the_verdict(report: Report) -> None:
    first = render(report, Style()).splitlines()[0]
    assert first == "FAIL  2 of 4 failed: usage, nim-2.22-disconnected."


def test_quiet_says_the_verdict_only(report: Report) -> None:
    assert render(report, Style(quiet=True)).count("\n") == 1


def test_every_finding_has_its_code_evidence_and_action(report: Report) -> None:
    text = render(report, Style(verbose=1))
    for finding in report.findings:
        assert f"[{finding.code}]" in text
    assert text.count("Do: ") == len(report.findings) == 3


def test_what_is_only_information_is_shown_when_asked_for(report: Report) -> None:
    assert "[tcp.drop-path]" not in render(report, Style())
    assert "INFO  Connection attempts go unanswered" in render(report, Style(verbose=1))


def test_deadlines_stand_at_the_top(report: Report) -> None:
    due = datetime(2026, 12, 24, 12, 0, tzinfo=timezone.utc)
    one = Deadline(name="subscription-ends", due=due, days_left=30, words="the subscription ends", source="Licence")
    over = attrs.evolve(one, days_left=-3, words="NGINX Plus stops")
    lines = render(attrs.evolve(report, deadlines=(one, over)), Style()).splitlines()
    assert lines[2:4] == [
        "  in 30 days, 2026-12-24: the subscription ends (Licence)",
        "  3 days ago, 2026-12-24: NGINX Plus stops (Licence)",
    ]


def test_each_step_shows_request_answer_time_and_what_it_proves(report: Report) -> None:
    text = render(report, Style())
    assert "1 PASS  Export  0 ms" in text
    assert "request: POST  https://product.connect.nginx.com/api/nginx-usage/batch" in text
    assert "answer: 413" in text
    assert "proves: the batch endpoint takes the report" in text
    assert "not tried, because the step before it failed" in text


def test_colour_changes_nothing_but_colour(report: Report) -> None:
    plain = render(report, Style())
    colored = render(report, Style(color=True))
    assert "\x1b[" in colored
    assert re.sub(r"\x1b\[\d+m", "", colored) == plain


def test_nothing_hostile_reaches_the_terminal(report: Report) -> None:
    text = render(report, Style(verbose=2))
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "evil?[2J?issuer" in text


def test_a_terminal_that_is_not_utf8_gets_ascii(report: Report) -> None:
    assert render(report, Style(ascii_only=True, verbose=2)).isascii()


def test_sixty_columns_are_enough(report: Report) -> None:
    commands = {command for finding in report.findings for command in (*finding.commands, finding.settle)}
    lines = [line for line in render(report, Style(width=60)).splitlines() if line.strip() not in commands]
    assert max(len(line) for line in lines if "https://" not in line) <= 62


def test_verbose_shows_what_passed(report: Report) -> None:
    assert "Clock" not in render(report, Style())
    assert "Clock" in render(report, Style(verbose=1))


def test_of_many_steps_that_went_alike_a_few_stand_for_all_and_no_failure_is_left_out(report: Report) -> None:
    step = next(seen for seen in report.observations if seen.title == "Export")
    bad = next(seen for seen in report.observations if seen.failure and seen.subject == step.subject)
    seen = (*[step] * 2000, *[bad] * 10, step)
    text = render(attrs.evolve(report, observations=seen), Style())
    assert text.count("PASS  Export") == 3 + 1
    assert "and 1997 more of these passed; -v tells each" in text
    assert text.count(f"FAIL  {bad.title}") == 10
    assert f"2011 PASS  {step.title}" in text, "numbers are those of the whole"
    assert render(attrs.evolve(report, observations=seen), Style(verbose=1)).count("PASS  Export") == 2001
