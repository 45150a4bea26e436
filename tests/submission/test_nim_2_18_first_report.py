"""The flow of NIM 2.18 and 2.19: as later ones, with the licence confirmed by a second call in between."""

from __future__ import annotations

import attrs
import pytest

from nimnetcheck.model import Outcome
from nimnetcheck.submission import FLOWS
from nimnetcheck.submission.rehearsal import emulation

FLOW = FLOWS["nim-2.18-first-report"]


@pytest.mark.parametrize("version", ["2.18.0", "2.19.3"])
def test_the_licence_is_confirmed_before_the_report_is_fetched(version: str) -> None:
    with emulation(attrs.evolve(FLOW, nim_version=version)) as (vendor, site):
        assert {seen.outcome for seen in FLOW.run(site)} == {Outcome.PASSED}
        asked = [(one.method, one.path.rpartition("/")[2]) for one in vendor.requests if one.place == "nim"]
    order = [one for one, before in zip(asked, [None, *asked]) if one != before]
    assert order == [
        ("GET", "versions"),
        ("GET", "device_mode"),
        ("POST", "license"),
        ("GET", "license"),
        ("PUT", "license"),
        ("GET", "license"),
        ("GET", "download"),
        ("POST", "upload"),
        ("GET", "licensed"),
    ]


@pytest.mark.parametrize("version", ["2.17.9", "2.20.0"])
def test_other_versions_are_told_at_once(version: str) -> None:
    with emulation(attrs.evolve(FLOW, nim_version=version)) as (_, site):
        seen = list(FLOW.run(site))
    assert [one.outcome for one in seen[:2]] == [Outcome.FAILED, Outcome.SKIPPED]
    assert version in seen[0].detail
