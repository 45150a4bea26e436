"""Services are found by their processes; what /proc does not show is not judged."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from nimnetcheck.model import Failure, Outcome
from nimnetcheck.site import services

if TYPE_CHECKING:
    from pathlib import Path

BOOT = 1_700_000_000
TICKS = os.sysconf("SC_CLK_TCK")


def process(proc: Path, number: int, command: bytes, *, after_s: int = 60) -> None:
    folder = proc / str(number)
    folder.mkdir(parents=True)
    (folder / "cmdline").write_bytes(command)
    fields = ["S", *["0"] * 18, str(after_s * TICKS), "0"]
    (folder / "stat").write_text(f"{number} (odd) name) {' '.join(fields)}", encoding="ascii")
    (proc / "stat").write_text(f"cpu 1 2 3\nbtime {BOOT}\n", encoding="ascii")


def test_processes_are_found_with_their_start(tmp_path: Path) -> None:
    process(tmp_path, 10, b"/usr/bin/nms-integrations\0start\0")
    process(tmp_path, 11, b"nginx: master process /usr/sbin/nginx\0")
    process(tmp_path, 12, b"")
    found = services.running(tmp_path)
    assert found["nms-integrations"] == BOOT + 60
    assert "nginx" in found


def test_this_very_process_is_found() -> None:
    assert any("python" in name or "pytest" in name for name in services.running())


def test_a_missing_service_is_named(tmp_path: Path) -> None:
    process(tmp_path, 10, b"/usr/bin/nms-core\0")
    process(tmp_path, 11, b"/usr/bin/nms-dpm\0")
    (seen,) = services.observe(services.NIM, "NIM's services", services.running(tmp_path))
    assert seen.failure is Failure.SERVICE_DOWN
    assert seen.detail == "not running: nms-ingestion, nms-integrations"


def test_where_nothing_is_shown_nothing_is_judged(tmp_path: Path) -> None:
    process(tmp_path, 10, b"python\0")
    assert services.observe(services.NIM, "NIM's services", services.running(tmp_path)) == ()


def test_a_configuration_written_after_the_start_is_not_in_force(tmp_path: Path) -> None:
    conf = tmp_path / "nms.conf"
    conf.write_text("", encoding="utf-8")
    seen = {"nms-integrations": 1_700_000_000.0}
    for written, failure in ((1_699_999_000, None), (1_700_000_001, None), (1_700_000_100, Failure.CONFIG_NOT_APPLIED)):
        os.utime(conf, (written, written))
        (told,) = services.applied(conf, seen)
        assert told.failure is failure
    assert services.applied(conf, {}) == ()
    assert services.applied(tmp_path / "missing", seen) == ()


def test_all_services_pass(tmp_path: Path) -> None:
    for number, name in enumerate(services.NIM, start=10):
        process(tmp_path, number, f"/usr/bin/{name}".encode())
    (seen,) = services.observe(services.NIM, "NIM's services", services.running(tmp_path))
    assert seen.outcome is Outcome.PASSED
