"""Each data point has its trigger and arrives; the names are those of the catalogue."""

from __future__ import annotations

from nimnetcheck.catalogue import load
from nimnetcheck.model import Label, Outcome
from nimnetcheck.submission import FLOWS, data_points
from nimnetcheck.submission.rehearsal import emulation

FLOW = FLOWS["data-points"]


def test_the_points_are_those_of_the_catalogue() -> None:
    assert [point.name for point in load().data_points] == list(data_points.ALL)


def test_each_arrives_once_and_none_while_the_telemetry_is_off() -> None:
    with emulation(FLOW) as (vendor, site):
        seen = list(FLOW.run(site))
        arrived = [point["DataPoint"] for point in vendor.points]
        assert vendor.proxy.asked
        assert not [one for one in vendor.proxy.asked if one.startswith(data_points.RANGE)]
    assert {one.outcome for one in seen} == {Outcome.PASSED}
    assert arrived == [*data_points.ALL, "Login"]


def test_what_is_an_analogue_says_so() -> None:
    with emulation(FLOW) as (_, site):
        labels = {one.title: one.evidence["label"] for one in FLOW.run(site)}
    assert {labels[f"{name} is seen at the collector"] for name in data_points.ALL} == {str(Label.ANALOGUE)}
