"""`nimnetcheck trace` as its users see it."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kernel.namespace import ENVIRONMENT

ROOT = Path(__file__).parents[2]
RULES = """\
table inet filter { # handle 1
    chain output { # handle 2
        type filter hook output priority filter; policy accept;
        ip daddr 159.60.126.3 tcp dport 443 drop comment "no telemetry" # handle 12
    }
}
"""


def trace(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nimnetcheck", "trace", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


@pytest.fixture
def rules(tmp_path: Path) -> str:
    path = tmp_path / "rules.nft"
    path.write_text(RULES, encoding="utf-8")
    return str(path)


@pytest.mark.kernel
def test_the_rule_that_drops_is_named(rules: str) -> None:
    done = trace("--nft", rules, "--for", "nim-2.22")
    assert done.returncode == 1, done.stderr
    assert "no telemetry" in done.stdout
    assert "handle 12" in done.stdout


@pytest.mark.kernel
def test_flows_can_be_asked_one_by_one(rules: str) -> None:
    done = trace("--nft", rules, "--flow", "tcp:159.60.126.3:443", "--flow", "udp:192.0.2.53:53", "-o", "json")
    document = json.loads(done.stdout)
    assert [seen["evidence"]["kernel"] for seen in document["observations"]] == ["drop", "accept"]
    assert document["observations"][0]["evidence"]["rule"]["handle"] == 12
    assert (done.returncode, document["summary"]["exit_code"]) == (1, 1)
    assert trace("--nft", rules, "--flow", "tcp:159.60.126.4:443").returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("--flow", "tcp:x:443"),
        ("/no/such/capture",),
        ("--nft", "/no/such/file"),
        ("--capture", "x", "--nft", "y"),
        ("--nft", "/dev/null", "--from", "x", "--flow", "tcp:192.0.2.1:443"),
        ("--nft", "/dev/null", "--from", "127.0.0.1", "--flow", "tcp:192.0.2.1:443"),
        ("--nft", "/dev/null", "--from", "172.17.0.2", "--flow", "tcp:127.0.0.1:443"),
        ("--nft", "/dev/null", "--from", "172.17.0.2", "--from", "172.17.0.3", "--flow", "tcp:192.0.2.1:443"),
    ],
)
def test_what_cannot_be_judged_is_refused_in_one_line(arguments: tuple[str, ...]) -> None:
    done = trace(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.kernel
@pytest.mark.parametrize(
    ("state", "strict", "code"), [("", (), 0), ("", ("--strict",), 4), (",related", ("--strict",), 0)]
)
def test_errors_that_do_not_come_in_are_a_warning_with_its_fix(
    tmp_path: Path, state: str, strict: tuple[str, ...], code: int
) -> None:
    rules, fix = tmp_path / "rules.nft", tmp_path / "fix.sh"
    hook = "type filter hook input priority filter; policy drop;"
    rules.write_text(f"table ip site {{\n chain in {{\n  {hook}\n  ct state established{state} accept\n }}\n}}\n")
    done = trace("--nft", str(rules), "--flow", "tcp:192.0.2.1:443", "--fix-output", str(fix), *strict)
    assert (done.returncode, "[local.fw-related]" in done.stdout) == (code, not state), done.stdout
    assert fix.exists() is (not state)
    assert state or "add rule ip site in meta l4proto icmp ct state related accept" in fix.read_text(encoding="utf-8")


@pytest.mark.kernel
def test_what_would_open_a_blocked_flow_is_shown_and_written(rules: str, tmp_path: Path) -> None:
    fix = tmp_path / "fix.sh"
    done = trace("--nft", rules, "--flow", "tcp:159.60.126.3:443", "--fix-output", str(fix))
    assert done.returncode == 1
    assert "insert rule inet filter output handle 12 ip daddr 159.60.126.3" in " ".join(done.stdout.split())
    assert stat.S_IMODE(fix.stat().st_mode) == 0o600
    assert "tcp 159.60.126.3/32 port 443" in fix.read_text(encoding="utf-8")


@pytest.mark.kernel
def test_nothing_is_written_where_nothing_is_blocked(rules: str, tmp_path: Path) -> None:
    fix = tmp_path / "fix.sh"
    done = trace("--nft", rules, "--flow", "tcp:159.60.126.4:443", "--fix-output", str(fix))
    assert done.returncode == 0
    assert f"{fix} was not written" in done.stderr
    assert not fix.exists()


@pytest.mark.kernel
def test_a_host_can_be_captured_and_judged_elsewhere(rules: str, tmp_path: Path) -> None:
    capture = str(tmp_path / "capture.tar.gz")
    load = 'nft -f "$1" && shift && exec "$@"'
    command = [sys.executable, "-m", "nimnetcheck", "trace", "--capture", capture]
    host = ["unshare", "-Urn", "sh", "-c", load, "sh", rules, *command]
    taken = subprocess.run(host, capture_output=True, text=True, check=False, cwd=ROOT, env=ENVIRONMENT)
    assert (taken.returncode, taken.stdout) == (0, ""), taken.stderr
    assert stat.S_IMODE(Path(capture).stat().st_mode) == 0o600
    done = trace(capture, "--flow", "tcp:159.60.126.3:443", "-o", "json")
    assert json.loads(done.stdout)["observations"][0]["evidence"]["kernel"] in {"drop", "not judged"}, done.stderr
    assert done.returncode != 0


NMS_CONF = "proxy_config:\n  proxy_enable: true\n  proxy_host: 192.0.2.8\n  proxy_port: 3128\n  proxy_protocol: http\n"


@pytest.mark.kernel
def test_the_flow_to_the_proxy_of_the_configuration_beside_it_is_judged(tmp_path: Path) -> None:
    rules, conf = tmp_path / "rules.nft", tmp_path / "nms.conf"
    rules.write_text(RULES.replace("159.60.126.3 tcp dport 443", "192.0.2.8 tcp dport 3128"), encoding="utf-8")
    conf.write_text(NMS_CONF, encoding="utf-8")
    done = trace("--nft", str(rules), "--for", "nim-2.22", "-c", str(conf), "-o", "json")
    assert done.returncode == 1, done.stderr
    document = json.loads(done.stdout)
    blocked = [one for one in document["observations"] if one["outcome"] == "failed"]
    assert [(one["subject"], one["evidence"]["rule"]["comment"]) for one in blocked] == [("proxy", "no telemetry")]
    assert f"http://192.0.2.8:3128 ({conf})" in document["notes"][0]
    without = trace("--nft", str(rules), "--for", "nim-2.22", "-o", "json")
    assert "proxy" not in {seen["subject"] for seen in json.loads(without.stdout)["observations"]}


@pytest.mark.kernel
def test_of_plain_files_the_link_is_assumed_and_said(rules: str) -> None:
    done = trace("--nft", rules, "--from", "172.17.0.2", "--flow", "tcp:159.60.126.3:443", "-o", "json")
    document = json.loads(done.stdout)
    assert [one["evidence"]["kernel"] for one in document["observations"]] == ["accept"], "it asks no output chain"
    assert any("assumed to come in by docker0" in note for note in document["notes"])


@pytest.mark.parametrize("who", ["nms", "1:-1", "4294967295", "1:2:3", ":"])
def test_who_sends_is_told_in_numbers(who: str) -> None:
    done = trace("--user", who, "--flow", "tcp:192.0.2.1:443")
    assert (done.returncode, done.stdout) == (2, "")
    assert repr(who) in done.stderr
