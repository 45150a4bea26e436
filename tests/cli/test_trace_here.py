"""`nimnetcheck trace` on hosts made in namespaces, whose root one is there."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.test_trace import NMS_CONF, ROOT, trace
from tests.kernel.namespace import ENVIRONMENT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.kernel
# A way out that leads nowhere.
WAY_OUT = """
set -e
ip link set lo up
ip link add eth0 type veth peer name far
ip link set eth0 up
ip link set far up
ip addr add 198.18.0.2/24 dev eth0
ip route add default via 198.18.0.1
"""


def within(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["unshare", "-Urn", "sh", "-c", WAY_OUT + script, "sh", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**ENVIRONMENT, "NIMNETCHECK": f"{sys.executable} -m nimnetcheck"},
    )


# Two firewalls that drop.
LIVE = """
nft 'add table inet site'
nft 'add chain inet site out { type filter hook output priority 0; policy accept; }'
nft 'add rule inet site out ip daddr 192.0.2.1 drop comment "ticket 1"'
iptables-nft -A OUTPUT -d 192.0.2.2 -j REJECT
before=$(nft list ruleset 2>/dev/null; ip -o link; ip route)
set +e
$NIMNETCHECK trace --no-dns -o json --flow tcp:192.0.2.1:443 --flow tcp:192.0.2.2:443 --flow tcp:192.0.2.3:443
code=$?
[ "$before" = "$(nft list ruleset 2>/dev/null; ip -o link; ip route)" ] || echo "the host was changed" >&2
exit $code
"""


def test_this_hosts_own_firewalls_are_judged_and_not_touched() -> None:
    done = within(LIVE)
    assert (done.returncode, done.stderr) == (1, "")
    seen = [one["evidence"] for one in json.loads(done.stdout)["observations"]]
    assert [one["kernel"] for one in seen] == ["drop", "reject", "accept"]
    assert [one["rule"]["firewall"] for one in seen[:2]] == ["nftables", "iptables-nft"]
    assert seen[0]["rule"]["comment"] == "ticket 1"


# The same, of whose firewall both commands are to say what becomes of NIM's way to its proxy.
PROXIED = """
nft 'add table inet site'
nft 'add chain inet site out { type filter hook output priority 0; policy accept; }'
nft "add rule inet site out ip daddr 192.0.2.$1 tcp dport 3128 drop"
$NIMNETCHECK trace --no-dns -o json --for nim-2.21 -c "$2" >"$3" || true
$NIMNETCHECK preflight --timeout 0.3 --control none -o json --for nim-2.21 -c "$2" >"$4" || true
"""


@pytest.mark.parametrize(("last", "verdict", "outcome"), [("8", "drop", "failed"), ("9", "accept", "passed")])
def test_the_proxy_in_force_on_this_host_is_judged_by_trace_and_preflight(
    tmp_path: Path, last: str, verdict: str, outcome: str
) -> None:
    conf, traced, checked = (tmp_path / name for name in ("nms.conf", "trace.json", "preflight.json"))
    conf.write_text(NMS_CONF, encoding="utf-8")
    done = within(PROXIED, last, str(conf), str(traced), str(checked))
    assert done.returncode == 0, done.stderr
    seen = [one for one in json.loads(traced.read_text())["observations"] if one["subject"] == "proxy"]
    assert [(one["title"], one["evidence"]["kernel"]) for one in seen] == [("tcp:192.0.2.8:3128", verdict)]
    (rules,) = [one for one in json.loads(checked.read_text())["observations"] if one["title"] == "Firewall rules"]
    assert rules["outcome"] == outcome, rules
    if outcome == "failed":
        assert rules["evidence"]["blocked"] == ["tcp:192.0.2.8:3128"]


# A host with a container behind a bridge, which is let out to one place.
CONTAINERS = """
ip link add docker0 type bridge
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
echo 1 >/proc/sys/net/ipv4/ip_forward
iptables-nft -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
iptables-nft -P FORWARD DROP
iptables-nft -A FORWARD -i docker0 -d 192.0.2.1 -j ACCEPT
iptables-nft -A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
$NIMNETCHECK trace --capture "$1" 2>"$1.said"
set +e
shift
$NIMNETCHECK trace -o json --from 172.17.0.2 "$@"
"""


def test_what_a_container_sends_is_judged_on_its_host_and_from_its_capture(tmp_path: Path) -> None:
    capture, flows = str(tmp_path / "capture"), ("--flow", "tcp:192.0.2.1:443", "--flow", "tcp:192.0.2.2:443")
    live = within(CONTAINERS, capture, *flows)
    for done in (live, trace(capture, "--from", "172.17.0.2", "-o", "json", *flows)):
        assert (done.returncode, done.stderr) == (1, "")
        document = json.loads(done.stdout)
        accepted, dropped = [one["evidence"] for one in document["observations"]]
        assert (accepted["kernel"], dropped["kernel"], dropped["rule"]["chain"]) == ("accept", "drop", "FORWARD")
        assert any("172.17.0.2 sends, which comes in by docker0" in note for note in document["notes"])
        assert any("-A FORWARD -d 192.0.2.2/32 -p tcp --dport 443" in note for note in document["notes"])
    own = json.loads(trace(capture, "-o", "json", *flows).stdout)["observations"]
    assert [one["evidence"]["kernel"] for one in own] == ["accept", "accept"]
    elsewhere = trace(capture, "--from", "192.0.2.77", *flows)
    assert (elsewhere.returncode, elsewhere.stdout) == (2, "")
    assert "192.0.2.77 is behind no interface of this host" in elsewhere.stderr
