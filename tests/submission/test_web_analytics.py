"""The page names the analytics and NIM itself does nothing about them; the opt-out is what takes the name away."""

from __future__ import annotations

import attrs

from nimnetcheck.model import Failure, Outcome
from nimnetcheck.submission import FLOWS
from nimnetcheck.submission.rehearsal import emulation

FLOW = FLOWS["web-analytics"]


def test_the_browser_is_told_and_nothing_leaves_the_host() -> None:
    with emulation(FLOW) as (vendor, site):
        seen = list(FLOW.run(site))
        assert not [name for name in vendor.questions if "walkme" in name]
    assert {one.outcome for one in seen} == {Outcome.PASSED}
    loads = [dict(one.evidence["response"]).get("loads") for one in seen]  # type: ignore[call-overload]  # a mapping
    assert loads == ["*.walkme.com", "nothing of it", "*.walkme.com", None]


def test_a_question_for_the_name_would_be_noticed() -> None:
    with emulation(FLOW) as (vendor, site):
        vendor.questions.append("cdn.walkme.com")
        seen = list(FLOW.run(site))
    assert seen[-1].failure is Failure.SUBMIT_UNEXPECTED_ANSWER


def test_on_a_real_site_that_cannot_be_seen() -> None:
    with emulation(FLOW) as (_, site):
        seen = list(FLOW.run(attrs.evolve(site, stage=None)))
    assert seen[-1].outcome is Outcome.SKIPPED
