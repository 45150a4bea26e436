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
    [("--flow", "tcp:x:443"), ("/no/such/capture",), ("--nft", "/no/such/file"), ("--capture", "x", "--nft", "y")],
)
def test_what_cannot_be_judged_is_refused_in_one_line(arguments: tuple[str, ...]) -> None:
    done = trace(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


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


# A host of its own, whose root one is: two firewalls that drop, and a way out that leads nowhere.
LIVE = """
set -e
ip link set lo up
ip link add eth0 type veth peer name far
ip link set eth0 up
ip link set far up
ip addr add 198.18.0.2/24 dev eth0
ip route add default via 198.18.0.1
nft 'add table inet site'
nft 'add chain inet site out { type filter hook output priority 0; policy accept; }'
nft 'add rule inet site out ip daddr 192.0.2.1 drop comment "ticket 1"'
iptables-nft -A OUTPUT -d 192.0.2.2 -j REJECT
before=$(nft list ruleset 2>/dev/null; ip -o link; ip route)
set +e
$TRACE --no-dns -o json --flow tcp:192.0.2.1:443 --flow tcp:192.0.2.2:443 --flow tcp:192.0.2.3:443
code=$?
[ "$before" = "$(nft list ruleset 2>/dev/null; ip -o link; ip route)" ] || echo "the host was changed" >&2
exit $code
"""


@pytest.mark.kernel
def test_this_hosts_own_firewalls_are_judged_and_not_touched() -> None:
    done = subprocess.run(
        ["unshare", "-Urn", "sh", "-c", LIVE],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**ENVIRONMENT, "TRACE": f"{sys.executable} -m nimnetcheck trace"},
    )
    assert (done.returncode, done.stderr) == (1, "")
    seen = [one["evidence"] for one in json.loads(done.stdout)["observations"]]
    assert [one["kernel"] for one in seen] == ["drop", "reject", "accept"]
    assert [one["rule"]["firewall"] for one in seen[:2]] == ["nftables", "iptables-nft"]
    assert seen[0]["rule"]["comment"] == "ticket 1"
