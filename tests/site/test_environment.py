"""The proxy variables of services, read from units and from processes as the system lays them out."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.site.environment import of_processes, of_units

if TYPE_CHECKING:
    from pathlib import Path

PROXY = "http://proxy.corp:3128"


def test_units_and_their_drop_ins(tmp_path: Path) -> None:
    extra = tmp_path / "nms-extra"
    extra.write_text(f"# a comment\nhttps_proxy={PROXY}\nOTHER=1\n", encoding="utf-8")
    drop_in = tmp_path / "nms-integrations.service.d"
    drop_in.mkdir()
    (tmp_path / "nms-integrations.service").write_text("[Service]\nExecStart=/usr/bin/nms-integrations\n", "utf-8")
    (drop_in / "proxy.conf").write_text(
        f'[Service]\nEnvironment="HTTPS_PROXY={PROXY}" NO_PROXY=localhost,.corp\nEnvironment=PATH=/bin\n', "utf-8"
    )
    (tmp_path / "nms-core.service").write_text(f"[Service]\nEnvironmentFile=-{extra}\n", encoding="utf-8")
    (tmp_path / "nothing.service").write_text(f"[Service]\nEnvironment=HTTPS_PROXY={PROXY}\n", encoding="utf-8")
    assert of_units((tmp_path,)) == {
        str(tmp_path / "nms-core.service"): {"https_proxy": PROXY},
        str(drop_in / "proxy.conf"): {"HTTPS_PROXY": PROXY, "NO_PROXY": "localhost,.corp"},
    }


@pytest.mark.parametrize("line", ['Environment="HTTPS_PROXY=x', "EnvironmentFile=relative", "EnvironmentFile=/no/such"])
def test_a_broken_unit_sets_nothing(tmp_path: Path, line: str) -> None:
    (tmp_path / "nms.service").write_text(f"[Service]\n{line}\n", encoding="utf-8")
    assert of_units((tmp_path,)) == {}


def test_a_process_that_runs_has_its_own(tmp_path: Path) -> None:
    program = tmp_path / "nms-integrations"
    shutil.copy(shutil.which("cat") or "/bin/cat", program)
    environment = {**os.environ, "HTTPS_PROXY": PROXY}
    with subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as running:
        assert running.stdin
        assert running.stdout
        running.stdin.write(b"\n")
        running.stdin.flush()
        running.stdout.readline()  # until it answers, /proc may still show what it was forked from
        found = of_processes()
        running.stdin.close()
    assert found["nms-integration"]["HTTPS_PROXY"] == PROXY  # the kernel keeps 15 characters of a name


def test_what_is_another_user_s_is_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "12"
    folder.mkdir()
    (folder / "comm").write_text("nginx\n", encoding="utf-8")
    assert of_processes(tmp_path) == {}
