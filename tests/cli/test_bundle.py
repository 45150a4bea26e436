"""A bundle made and judged from the command line: the same findings, none of the secrets that were planted."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

from nimnetcheck import archive
from nimnetcheck.bundle.contents import BUNDLE
from nimnetcheck.twin.capture.archive import CAPTURE

if TYPE_CHECKING:
    from pathlib import Path

NMS = """proxy_config:
  proxy_enable: false
  proxy_host: Planted-proxy.corp.bank.de
  proxy_username: Planted-user
  proxy_password: Planted password
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NIMNETCHECK_PASSWORD": "Planted-environment"}
    command = [sys.executable, "-m", "nimnetcheck", "diagnose", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def made(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "nms.conf").write_text(NMS, encoding="utf-8")
    asked = ("--for", "nim-2.22", "--against", "emulator", "-c", "nms.conf", "--bundle", "b.tar.gz", "-o", "json")
    return run(folder, *asked, *arguments)


def test_a_bundle_is_judged_as_its_run_was(tmp_path: Path) -> None:
    live = made(tmp_path)
    told = run(tmp_path, "b.tar.gz", "-o", "json")
    assert (live.returncode, told.returncode) == (0, 0)
    before, after = json.loads(live.stdout), json.loads(told.stdout)
    assert [one["verdict"] for one in before["judgements"]] == [one["verdict"] for one in after["judgements"]]
    assert before["run_id"] == after["run_id"]


def test_no_planted_secret_gets_out(tmp_path: Path) -> None:
    made(tmp_path)
    files = archive.unpack((tmp_path / "b.tar.gz").read_bytes(), BUNDLE)
    files.update(archive.unpack(files.pop("firewall.tar.gz"), CAPTURE))
    assert files["site/nms.conf"].startswith(b"proxy_config:")
    assert [name for name, data in files.items() if b"planted" in data.lower()] == []


def test_the_map_stays_here_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    said = made(tmp_path).stderr
    names = tmp_path / "b.tar.gz.names.json"
    assert f"{names.name} says what its pseudonyms stand for" in said
    assert stat.S_IMODE(names.stat().st_mode) == 0o600
    assert "Planted-proxy.corp.bank.de" in names.read_text(encoding="utf-8")


def test_unredacted_is_said_so_and_has_no_map(tmp_path: Path) -> None:
    made(tmp_path, "--unredacted")
    files = archive.unpack((tmp_path / "b.tar.gz").read_bytes(), BUNDLE)
    assert json.loads(files["manifest.json"])["redacted"] is False
    assert b"Planted password" in files["site/nms.conf"]
    assert not (tmp_path / "b.tar.gz.names.json").exists()


def test_a_damaged_bundle_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "b.tar.gz").write_bytes(b"\x1f\x8bnone")
    told = run(tmp_path, "b.tar.gz")
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.startswith("nimnetcheck: b.tar.gz: not a bundle")
    assert told.stderr.count("\n") == 1
