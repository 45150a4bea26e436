"""The same findings, live and from the saved report of it; a saved report sends nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from nimnetcheck.cli.diagnose import command
from nimnetcheck.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

# Both hosts of the vendor lead to loopback: the other generation's is tried where one is closed.
PINNED = ("--resolve", "product.connect.nginx.com:443:127.0.0.99", "--resolve", "product.apis.f5.com:443:127.0.0.98")
BLOCKED = ("--for", "nginx-plus", *PINNED, "--timeout", "2", "-4")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, catch_exceptions=False)


def test_everything_passes_against_the_emulator() -> None:
    done = run("--against", "emulator")
    assert done.exit_code == 0
    assert done.stdout.startswith("PASS  ")


def test_a_silence_is_kept_only_where_it_is_asked_for() -> None:
    for arguments, expected in ((("--idle", "0.3"), [0.3]), ((), [])):
        done = run("--against", "emulator", "--for", "nginx-plus", *arguments, "-o", "json")
        silent = [one["evidence"] for one in json.loads(done.stdout)["observations"]]
        assert [one["idle_s"] for one in silent if one.get("changed") == "idle"] == expected


def test_a_saved_report_gives_the_same_findings(tmp_path: Path) -> None:
    live = run(*BLOCKED, "-o", "json")
    assert live.exit_code == 1
    path = tmp_path / "saved.json"
    path.write_text(live.stdout, encoding="utf-8")
    again = run(str(path), "-o", "json")
    assert again.exit_code == 1
    assert again.stdout == live.stdout
    assert json.loads(live.stdout)["findings"][0]["code"] == "tcp.refused"


def test_a_saved_report_is_read_without_the_network_s_modules(tmp_path: Path) -> None:
    path = tmp_path / "saved.json"
    path.write_text(run(*BLOCKED, "-o", "json").stdout, encoding="utf-8")
    program = (
        "import sys; from nimnetcheck.cli import run; run(['diagnose', sys.argv[1]]); "
        "print(sorted({'ssl', 'dns', 'httpx', 'h11'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], check=True, capture_output=True, text=True)
    assert done.stdout.endswith("\n[]\n")


def test_what_is_no_report_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "saved.json"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match=r"saved.json.tool: missing"):
        run(str(path))


def test_without_the_network_this_host_is_judged_alone(tmp_path: Path) -> None:
    path = tmp_path / "license.jwt"
    path.write_text("cut off", encoding="utf-8")
    done = run("--no-network", "--license", str(path), "-o", "json")
    document = json.loads(done.stdout)
    assert [finding["code"] for finding in document["findings"]] == ["jwt.malformed"]
    assert {seen["subject"] for seen in document["observations"]} == {"host"}


LOGGED = (
    "2026-11-24T11:58:03Z [warn] [NC-RETRY] retrying after error: "
    'Post "https://product.connect.nginx.com/api/nginx-usage/batch": {} wait=5s\n'
)


def test_logs_lead_to_the_same_codes(tmp_path: Path) -> None:
    path = tmp_path / "nms.log"
    path.write_text(LOGGED.format("Proxy Authentication Required"), encoding="utf-8")
    done = run("--no-network", "--logs", str(path), "-o", "json")
    assert done.exit_code == 1
    assert [finding["code"] for finding in json.loads(done.stdout)["findings"]] == ["proxy.auth-required"]


def test_logs_and_probes_that_contradict_each_other_are_told(tmp_path: Path) -> None:
    path = tmp_path / "nms.log"
    path.write_text(LOGGED.format("dial tcp 3.135.72.139:443: i/o timeout"), encoding="utf-8")
    done = run("--against", "emulator", "--logs", str(path), "-o", "json")
    assert [finding["code"] for finding in json.loads(done.stdout)["findings"]] == ["local.tool-differs"]
    saved_file = tmp_path / "saved.json"
    saved_file.write_text(run("--against", "emulator", "-o", "json").stdout, encoding="utf-8")
    again = run(str(saved_file), "--logs", str(path), "-o", "json")
    assert [finding["code"] for finding in json.loads(again.stdout)["findings"]] == ["local.tool-differs"]


def test_a_damaged_log_is_refused(tmp_path: Path) -> None:
    (tmp_path / "nms.log.gz").write_bytes(b"\x1f\x8b\x08\x00 damaged")
    with pytest.raises(InputError, match="damaged"):
        run("--no-network", "--logs", str(tmp_path / "nms.log.gz"))
