"""Values are frozen all the way down, and their names are the public ones."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import cast

import attrs
import pytest

from nimnetcheck.model import Failure, Observation, Outcome, Rung, Target, Verdict


def test_a_failure_is_its_name_everywhere() -> None:
    for failure in Failure:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", failure.value)
        assert f"{failure}" == str(failure) == failure.value
    assert f"{Verdict.PASS:<7}|" == "PASS   |"


def test_an_observation_cannot_be_changed_after_it_was_made() -> None:
    mutable = {"ttl": 60}
    seen = Observation(subject="usage", rung=Rung.DNS, title="A", outcome=Outcome.PASSED, evidence=mutable)
    mutable["ttl"] = 1
    assert seen.evidence["ttl"] == 60
    with pytest.raises(TypeError):
        cast("dict[str, object]", seen.evidence)["ttl"] = 1
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        seen.title = "AAAA"  # type: ignore[misc]  # what this test is about


def test_a_target_reads_as_an_address_is_written_with_its_port() -> None:
    assert str(Target(address=ip_address("192.0.2.1"), port=443)) == "192.0.2.1:443"
    assert str(Target(address=ip_address("2001:db8::1"), port=443)) == "[2001:db8::1]:443"


def test_the_emulator_stands_in_without_changing_what_is_shown() -> None:
    loopback = (ip_address("127.0.0.1"), 4430)
    target = Target(address=ip_address("192.0.2.1"), port=443, dial=loopback)
    assert target.dialled == loopback
    assert str(target) == "192.0.2.1:443"
