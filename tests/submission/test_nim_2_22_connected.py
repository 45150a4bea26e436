"""A connected NIM 2.22 takes an instance's report and posts it on, under the instance's own token."""

from __future__ import annotations

from nimnetcheck.model import Outcome
from nimnetcheck.submission import FLOWS
from nimnetcheck.submission.rehearsal import emulation

FLOW = FLOWS["nim-2.22-connected"]


def test_a_report_goes_to_nim_and_from_there_to_the_batch_endpoint() -> None:
    with emulation(FLOW) as (vendor, site):
        seen = list(FLOW.run(site))
        places = [one.place for one in vendor.requests if one.place in {"relay", "batch", "usage"}]
    assert {one.outcome for one in seen} == {Outcome.PASSED}
    assert places == ["relay", "batch"]
    assert "[NC-POST] NC response status=200 batch_size=1" in str(seen[-1].evidence["response"])
