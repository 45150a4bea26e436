"""A live host is read by its own tools, in a namespace that stands for it: what they print, and what they refuse."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.twin.capture import live as capture_live
from nimnetcheck.twin.capture.parts import assemble
from nimnetcheck.twin.capture.value import Unread, Variant
from tests.twin.hosts import TAKE, taken

if TYPE_CHECKING:
    from pathlib import Path

HOST = """
ip link set lo up
ip link add eth0 type veth peer name far0
ip link set eth0 up
ip addr add 198.18.0.2/24 dev eth0
ip route add default via 198.18.0.1
ip -6 addr add 2001:db8:18::2/64 dev eth0 nodad
nft -f - <<END
table inet site {
    flags dormant;
    set bad { type ipv4_addr; elements = { 192.0.2.1 }; }
    chain out { type filter hook output priority 0; policy accept; ip daddr @bad counter drop comment "feed"; }
}
END
ipset create partners hash:net family inet
ipset add partners 203.0.113.0/24
iptables-nft -A OUTPUT -m set --match-set partners dst -m comment --comment "no more" -j DROP
iptables-legacy -A OUTPUT -d 192.0.2.2 -j DROP
"""


@pytest.mark.kernel
def test_every_firewall_of_a_host_is_in_its_capture(tmp_path: Path) -> None:
    capture = taken(tmp_path, HOST)
    assert capture.nft
    assert 'ip daddr @bad counter drop comment "feed"' in capture.nft.text
    assert "# handle" in capture.nft.text
    assert "table ip filter" not in capture.nft.text
    assert capture.shadow
    assert "table ip filter" in capture.shadow.text
    new, old = capture.save(Variant.NFT, 4), capture.save(Variant.LEGACY, 4)
    assert new
    assert '--match-set partners dst -m comment --comment "no more" -j DROP' in new.source.text
    assert old
    assert "-A OUTPUT -d 192.0.2.2/32 -j DROP" in old.source.text
    assert capture.save(Variant.LEGACY, 6) is None
    assert capture.ipset
    assert "add partners 203.0.113.0/24" in capture.ipset.text


@pytest.mark.kernel
def test_its_network_and_its_tools_are_too(tmp_path: Path) -> None:
    capture = taken(tmp_path, HOST)
    assert {link["ifname"] for link in capture.links} == {"lo", "eth0", "far0"}
    assert any(route.get("gateway") == "198.18.0.1" for route in capture.routes[4])
    assert any(a["local"] == "2001:db8:18::2" for one in capture.addresses for a in one["addr_info"])
    assert {rule["table"] for rule in capture.rules[6]} >= {"local", "main"}
    assert capture.sysctls["net.ipv4.ip_forward"] in {"0", "1"}
    assert set(capture.tools) >= {"nft", "iptables", "ip", "kernel"}


@pytest.mark.kernel
def test_a_host_without_rules_has_no_texts_and_misses_nothing(tmp_path: Path) -> None:
    capture = taken(tmp_path, "")
    assert (capture.nft, capture.ipset, capture.saves) == (None, None, ())
    assert not [unread for unread in capture.unread if "ip_tables_names" not in unread.because]


@pytest.mark.kernel
def test_without_rights_it_says_what_it_could_not_read(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("rights can be given up only by root")
    tmp_path.chmod(0o777)
    capture = taken(tmp_path, HOST, "setpriv", "--bounding-set=-all", "--inh-caps=-all")
    unread = {unread.part: unread.because for unread in capture.unread}
    assert "nft -a -s list ruleset: " in unread["nft.txt"]
    assert "Operation not permitted" in unread["nft.txt"]
    assert capture.links


def test_a_missing_tool_is_said_unless_it_has_made_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(capture_live, "ENVIRONMENT", {"PATH": str(tmp_path)})
    monkeypatch.setattr(capture_live, "PROC", tmp_path)
    monkeypatch.setattr(capture_live, "FIREWALLD_FOLDER", tmp_path / "firewalld")
    taken_ = capture_live.take()
    assert taken_.parts == {}
    missing = {unread.part: unread.because for unread in taken_.facts.unread}
    assert missing["nft.txt"] == "nft is not installed"
    assert not {"ipset.txt", "iptables.txt", "iptables-legacy.txt"} & set(missing)
    assert assemble(taken_.parts, taken_.facts).nft is None


def test_tables_of_the_old_iptables_that_cannot_be_listed_are_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "net" / "ip_tables_names").mkdir(parents=True)
    monkeypatch.setattr(capture_live, "PROC", tmp_path)
    assert (
        Unread(part="iptables-legacy.txt", because=f"{tmp_path / 'net' / 'ip_tables_names'}: Is a directory")
        in capture_live.take().facts.unread
    )


@pytest.mark.kernel
@pytest.mark.parametrize(("table", "expected"), [("firewalld", ["zones/public.xml"]), ("other", [])])
def test_the_files_of_firewalld_come_along_where_it_has_written_rules(
    tmp_path: Path, table: str, expected: list[str]
) -> None:
    (tmp_path / "zones").mkdir()
    (tmp_path / "zones" / "public.xml").write_text("<zone/>", encoding="utf-8")
    take = TAKE.replace("taken =", f"capture_live.FIREWALLD_FOLDER = Path({str(tmp_path)!r})\ntaken =")
    assert [file.file for file in taken(tmp_path, f"nft add table inet {table}", take=take).firewalld] == expected
