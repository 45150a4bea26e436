"""Versions come from the package database: only of what is installed, and as numbers that compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nimnetcheck.site import versions
from nimnetcheck.site.versions import Versions, installed, number

if TYPE_CHECKING:
    from pathlib import Path

STATUS = """Package: nginx-plus
Status: install ok installed
Version: 34-1~bookworm

Package: nms-instance-manager
Status: {status}
Version: 2.22.1-1234~bookworm

Package: nms-instance-manager-doc
Status: install ok installed
Version: 9.9
"""


def test_what_is_installed_is_found(tmp_path: Path) -> None:
    status = tmp_path / "status"
    status.write_text(STATUS.format(status="install ok installed"), encoding="utf-8")
    assert versions.read(status) == Versions(nim=(2, 22, 1), nginx_plus=34)


def test_what_was_removed_is_not_found() -> None:
    assert installed(STATUS.format(status="deinstall ok config-files").splitlines()) == {"nginx-plus": "34-1~bookworm"}


def test_rpm_is_asked_where_there_is_no_dpkg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rpm = tmp_path / "rpm"
    rpm.write_text("#!/bin/sh\necho 'nms-instance-manager 2.21.0'\necho package nginx-plus is not installed\n")
    rpm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert versions.read(tmp_path / "missing") == Versions(nim=(2, 21, 0))


def test_a_host_without_either_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert versions.read(tmp_path / "missing") == Versions()


@pytest.mark.parametrize(
    ("version", "expected"),
    [("2.100.0", (2, 100, 0)), ("1:2.9-1", (2, 9)), ("", None), ("beta", None), ("9" * 50, (999999999,))],
)
def test_versions_compare_as_numbers(version: str, expected: tuple[int, ...] | None) -> None:
    assert number(version) == expected
