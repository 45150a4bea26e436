"""Proposals for firewalld: in the policy that blocks, or in one before it; as commands and as the files they make."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin.answer import Judged, Leg
from nimnetcheck.twin.ask import ask
from nimnetcheck.twin.capture.value import Capture, Source
from nimnetcheck.twin.fix.firewalld import changes, is_of_firewalld
from nimnetcheck.twin.fix.prove import prove
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.wire import Question
from tests.twin.blocked import block, error, rule

REJECTS = rule("inet firewalld filter_OUT_policy_egress 6", text="reject with icmpx admin-prohibited")
WAY_BACK = rule("inet firewalld filter_PREROUTING 2", text="meta nfproto ipv6 fib saddr . mark . iif oif missing drop")
FOLDER = Path(__file__).parents[1] / "scenarios" / "firewalld" / "firewalld"
POLICY = Source(file="policies/egress.xml", text=(FOLDER / "policies" / "egress.xml").read_text(encoding="utf-8"))
TOOL = shutil.which("firewall-offline-cmd", path="/usr/bin:/usr/sbin:/sbin")


def test_the_policy_that_blocks_gets_a_rich_rule() -> None:
    change = next(changes(block(REJECTS), (POLICY,), 1))
    assert change.lines[0] == (
        'firewall-cmd --permanent --policy egress --add-rich-rule \'rule priority="-1" family="ipv4" destination'
        ' address="159.60.126.10/32" port port="443" protocol="tcp" accept\''
    )
    assert change.lines[-1] == "firewall-cmd --reload"
    assert [file.file for file in change.files] == ["policies/egress.xml"]


def test_a_policy_without_a_file_of_the_sites_is_preceded_by_one_of_our_own() -> None:
    (change,) = changes(block(REJECTS), (), 1)
    assert [file.file for file in change.files] == ["policies/nimnetcheck-1.xml"]
    assert "firewall-cmd --permanent --policy nimnetcheck-1 --set-priority -2" in change.lines


def test_our_policy_comes_before_all_others() -> None:
    early = Source(file="policies/early.xml", text='<policy target="DROP" priority="-300"/>')
    *_, change = changes(block(REJECTS), (POLICY, early), 1)
    assert "--set-priority -301" in " ".join(change.lines)


@pytest.mark.parametrize("said", ["", "IPv6_rpfilter=yes\n", "# IPv6_rpfilter=no\n  IPv6_rpfilter = strict\n"])
def test_its_look_at_the_way_back_is_a_setting(tmp_path: Path, said: str) -> None:
    kept = f"DefaultZone=public\n{said}LogDenied=off\n"
    stops = block(WAY_BACK, "tcp:[2001:db8::1]:443", leg=Leg.ERROR)
    (change,) = changes(stops, (Source(file="firewalld.conf", text=kept),), 1)
    file = tmp_path / "firewalld.conf"
    file.write_text(kept, encoding="utf-8")

    def ran(line: str) -> str:
        subprocess.run(["/bin/sh", "-c", line.replace("/etc/firewalld", str(tmp_path))], check=True)
        return file.read_text(encoding="utf-8")

    assert ran(change.lines[0]) == change.files[0].text
    assert "\nIPv6_rpfilter=no\n" in change.files[0].text
    assert ran(change.undo[0]).split() == kept.replace("  IPv6_rpfilter = ", "IPv6_rpfilter=").split()
    assert change.lines[1:] == change.undo[1:] == ("firewall-cmd --reload",)
    assert change.note


@pytest.mark.parametrize("leg", [Leg.REPLY, Leg.ERROR])
def test_what_comes_in_is_not_firewallds_to_configure(leg: Leg) -> None:
    assert list(changes(block(REJECTS, leg=leg), (POLICY,), 1)) == []


def test_only_its_own_table_is_firewallds() -> None:
    assert is_of_firewalld(REJECTS)
    assert not is_of_firewalld(rule("inet filter filter_OUT_policy_egress 1"))


ICMP = ("fragmentation-needed", "packet-too-big", "destination-unreachable")
BLOCKS = "".join(f'<icmp-block name="{name}"/>' for name in ICMP)
DIRECT = "".join(
    f'<rule ipv="{version}" table="filter" chain="INPUT" priority="0">-p {protocol} -j DROP</rule>'
    for version, protocol in (("ipv4", "icmp"), ("ipv6", "ipv6-icmp"))
)
PLACES = (
    {"ifname": "eth0", "addr_info": [{"local": "192.0.2.2", "prefixlen": 24}, {"local": "fd00::2", "prefixlen": 64}]},
)


def heard(default: str, files: dict[str, str]) -> tuple[Question, tuple[Judged, ...]]:
    """What errors a host with these files hears; `default` is how far its route for IPv6 leads."""
    made = tuple(Source(file=name, text=text) for name, text in files.items())
    routes = {
        version: ({"dst": dst, "gateway": via, "dev": "eth0"},)
        for version, dst, via in ((4, "default", "192.0.2.1"), (6, default, "fd00::1"))
    }
    flows = tuple(map(parse, ("tcp:198.51.100.1:443", "tcp:[2001:db8::1]:443")))
    question = Question(capture=Capture(firewalld=made, addresses=PLACES, routes=routes), flows=flows, errors=True)
    return question, ask(question).judged


@pytest.mark.kernel
@pytest.mark.parametrize(
    ("files", "deaf"),
    [
        ({"zones/public.xml": f'<zone target="DROP">{BLOCKS}</zone>'}, False),
        ({"zones/public.xml": '<zone target="DROP"><icmp-block-inversion/></zone>'}, False),
        ({"policies/in.xml": f'<policy target="DROP" priority="-32768"><ingress-zone name="ANY"/>'
          f'<egress-zone name="HOST"/>{BLOCKS}</policy>'}, False),
        ({"direct.xml": f"<direct>{DIRECT}</direct>"}, True),
    ],
    ids=["icmp-block", "inversion", "policy", "direct rule"],
)  # fmt: skip
def test_nothing_that_zones_and_policies_say_keeps_errors_out(files: dict[str, str], *, deaf: bool) -> None:
    _, judged = heard(
        "default", {name: f'<?xml version="1.0" encoding="utf-8"?>{text}' for name, text in files.items()}
    )
    assert [one.verdict is KernelVerdict.DROP for one in judged if one.flow.is_error] == [deaf, deaf]


@pytest.mark.kernel
def test_an_error_from_where_no_route_leads_is_let_in_by_the_setting() -> None:
    files = {"firewalld.conf": "DefaultZone=public\nIPv6_rpfilter=yes\n"}
    question, judged = heard("2001:db8::/32", files)
    assert [one.flow.address.version for one in judged if one.verdict is KernelVerdict.DROP] == [6]
    proof = prove(question, judged, ask)
    assert (len(proof.changes), proof.left, proof.undone) == (1, (), True)
    assert proof.opened == (error("tcp:[2001:db8::1]:443"),)
    assert KernelVerdict.DROP not in {one.verdict for one in heard("default", files)[1]}


@pytest.mark.slow
@pytest.mark.skipif(TOOL is None, reason="firewall-offline-cmd is not installed")
@pytest.mark.parametrize("which", [0, 1])
def test_the_commands_make_the_files_that_are_proven(tmp_path: Path, which: int) -> None:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    for name in ("zones", "services", "ipsets", "icmptypes", "helpers"):
        (tmp_path / name).mkdir()
    change = list(
        changes(block(REJECTS, "tcp:192.0.2.8:443", "tcp:192.0.2.9:443", "tcp:192.0.2.11:443"), (POLICY,), 1)
    )[which]
    for line in change.lines[:-1]:
        words = [word for word in shlex.split(line)[1:] if word != "--permanent"]
        assert TOOL
        subprocess.run([TOOL, "--system-config", str(tmp_path), *words], check=True, capture_output=True)
    (file,) = change.files
    made, proven = (ET.fromstring(text) for text in ((tmp_path / file.file).read_text(encoding="utf-8"), file.text))  # noqa: S314 (ours)
    assert _meaning(made) == _meaning(proven)


def _meaning(part: ET.Element) -> object:
    """What is written, whatever the order."""
    children = sorted(str(_meaning(child)) for child in part if child.tag not in {"short", "description"})
    return part.tag, sorted(part.attrib.items()), children


@pytest.mark.parametrize(
    ("chain", "zone"), [("filter_FWD_public", "ANY"), ("filter_FORWARD", "ANY"), ("filter_OUTPUT", "HOST")]
)
def test_what_is_forwarded_has_a_policy_between_zones(chain: str, zone: str) -> None:
    (change,) = changes(block(rule(f"inet firewalld {chain} 8")), (), 1)
    assert f"--add-ingress-zone {zone}" in " ".join(change.lines)
    assert f'<ingress-zone name="{zone}"/>' in change.files[0].text


def test_a_policy_between_zones_gets_a_rich_rule_as_that_of_the_host_does() -> None:
    blocking = rule("inet firewalld filter_FWD_policy_egress_deny 1")
    assert "--policy egress --add-rich-rule" in next(changes(block(blocking), (POLICY,), 1)).lines[0]
