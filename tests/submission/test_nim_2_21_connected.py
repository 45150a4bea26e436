"""A connected NIM registers with both hosts by itself, and stays where it is when one of them is missing."""

from __future__ import annotations

import attrs
import pytest

from nimnetcheck.model import Failure, Outcome
from nimnetcheck.submission import FLOWS
from nimnetcheck.submission.rehearsal import emulation

FLOW = FLOWS["nim-2.21-connected"]


def test_both_hosts_and_both_states_are_seen() -> None:
    with emulation(FLOW) as (vendor, site):
        seen = list(FLOW.run(site))
        hosts = {one.host for one in vendor.requests if one.status == 200}
    assert {one.outcome for one in seen} == {Outcome.PASSED}
    assert {"product.apis.f5.com", "product-s.apis.f5.com"} <= hosts
    states = [dict(one.evidence["response"]).get("status") for one in seen]  # type: ignore[call-overload]  # a mapping
    assert states[5] in {"ACTIVATED", "VALID"}
    assert states[7] == "VALID"


@pytest.mark.parametrize(
    ("version", "failure"), [("2.20.0", Failure.TLS_UNTRUSTED), ("2.20.1", None), ("2.19.2", Failure.TLS_UNTRUSTED)]
)
def test_the_build_decides_whether_f5s_certificates_are_trusted(version: str, failure: Failure | None) -> None:
    with emulation(attrs.evolve(FLOW, nim_version=version)) as (_, site):
        seen = list(FLOW.run(site))
    assert seen[1].failure is failure


def test_on_a_real_site_what_only_an_emulation_shows_is_held() -> None:
    with emulation(FLOW) as (_, site):
        seen = list(FLOW.run(attrs.evolve(site, stage=None)))
    assert [one.outcome for one in seen].count(Outcome.SKIPPED) == 2
    assert "only an emulation" in seen[4].because
