"""The version of the NIM, or what is in the report, decides how it is submitted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import pytest

from nimnetcheck.emulator import running
from nimnetcheck.errors import InputError
from nimnetcheck.model import Failure
from nimnetcheck.submission import FLOWS, Site
from nimnetcheck.submission.generation import SINCE, of_report, of_version, submit
from nimnetcheck.submission.usage import write_export_2_22, write_report_2_21

if TYPE_CHECKING:
    from pathlib import Path

FIRST, OLD, NEW = "nim-2.18-first-report", "nim-2.21-disconnected", "nim-2.22-disconnected"


@pytest.mark.parametrize(
    ("number", "flow"),
    [
        ((2, 9), ""),
        ((2, 17), ""),
        ((2, 18), FIRST),
        ((2, 19), FIRST),
        ((2, 20), OLD),
        ((2, 21), OLD),
        ((2, 22), NEW),
        ((2, 100), NEW),
        ((3, 0), NEW),
    ],
)
def test_versions_are_compared_as_numbers(number: tuple[int, int], flow: str) -> None:
    assert of_version(number) == flow


def test_every_generation_has_its_flow_and_the_newest_stands_first() -> None:
    assert {flow for _, flow in SINCE} <= set(FLOWS)
    assert [since for since, _ in SINCE] == sorted((since for since, _ in SINCE), reverse=True)


@pytest.mark.parametrize(("version", "flow"), [("2.19.3", FIRST), ("2.21.0", OLD), ("2.22.1", NEW)])
def test_the_flow_of_the_sites_nim_is_run(version: str, flow: str) -> None:
    with running(nim_version=version) as vendor:
        seen = list(submit(Site.emulated(vendor), FLOWS))
    assert list(dict.fromkeys(one.subject for one in seen)) == ["nim", flow]
    assert not [one for one in seen if one.failure]


@pytest.mark.parametrize("version", ["2.9.0", "1.0.0"])
def test_a_version_without_a_flow_ends_it_there(version: str) -> None:
    with running(nim_version=version) as vendor:
        seen = list(submit(Site.emulated(vendor), FLOWS))
    assert [(one.subject, one.failure) for one in seen] == [("nim", Failure.SUBMIT_UNEXPECTED_ANSWER)]
    assert version in seen[0].detail


def test_a_report_is_known_by_what_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "report.zip"
    with path.open("wb") as file:
        write_export_2_22(file, 2, ["a.b.c"])
    assert of_report(path) == NEW
    damaged = path.read_bytes().replace(b"usage_00001.gzip", b"usage_0000/.gzip")
    path.write_bytes(damaged)
    assert of_report(path) == NEW, "a damaged export is no report of the older kind"
    with path.open("wb") as file:
        write_report_2_21(file, 2)
    assert of_report(path) == OLD
    with pytest.raises(InputError, match="cannot be read"):
        of_report(tmp_path / "missing.zip")


def test_an_older_report_needs_the_licence_and_a_newer_one_brings_its_own(tmp_path: Path) -> None:
    path = tmp_path / "report.zip"
    with running() as vendor:
        site = attrs.evolve(Site.emulated(vendor), nim_url="", report_file=path, licence=None)
        with path.open("wb") as file:
            write_report_2_21(file, 2)
        with pytest.raises(InputError, match="give --license FILE"):
            list(submit(site, FLOWS))
        assert vendor.requests == []
        with path.open("wb") as file:
            write_export_2_22(file, 2, [vendor.licence])
        assert not [one for one in submit(site, FLOWS) if one.failure]
