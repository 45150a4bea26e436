"""The flow of NIM 2.20: the first that needs no second call about the licence."""

from __future__ import annotations

from nimnetcheck.model import Outcome
from nimnetcheck.submission import FLOWS
from nimnetcheck.submission.rehearsal import emulation

FLOW = FLOWS["nim-2.20-first-report"]


def test_the_licence_is_named_once() -> None:
    with emulation(FLOW) as (vendor, site):
        assert {seen.outcome for seen in FLOW.run(site)} == {Outcome.PASSED}
        changed = [one.method for one in vendor.requests if one.path.endswith("/license") and one.method != "GET"]
    assert changed == ["POST"]
    assert FLOW.nim_version.startswith("2.20.")
