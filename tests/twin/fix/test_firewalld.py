"""Proposals for firewalld: in the policy that blocks, or in one before it; as commands and as the files they make."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from nimnetcheck.twin.answer import Leg
from nimnetcheck.twin.capture.value import Source
from nimnetcheck.twin.fix.firewalld import changes, is_of_firewalld
from tests.twin.blocked import block, rule

REJECTS = rule("inet firewalld filter_OUT_policy_egress 6", text="reject with icmpx admin-prohibited")
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


@pytest.mark.parametrize("leg", [Leg.REPLY, Leg.ERROR])
def test_what_comes_in_is_not_firewallds_to_configure(leg: Leg) -> None:
    assert list(changes(block(REJECTS, leg=leg), (POLICY,), 1)) == []


def test_only_its_own_table_is_firewallds() -> None:
    assert is_of_firewalld(REJECTS)
    assert not is_of_firewalld(rule("inet filter filter_OUT_policy_egress 1"))


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
