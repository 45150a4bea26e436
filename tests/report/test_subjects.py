"""Observations by what they are about, in the order in which they were seen."""

from __future__ import annotations

from nimnetcheck.model import Rung
from nimnetcheck.report.subjects import by_subject
from tests.report.seen import saw


def test_subjects_and_observations_keep_their_order() -> None:
    seen = [saw(Rung.TCP, subject="b"), saw(Rung.TCP, subject="a"), saw(Rung.TLS, subject="b")]
    assert list(by_subject(seen).items()) == [("b", [seen[0], seen[2]]), ("a", [seen[1]])]
    assert by_subject([]) == {}
