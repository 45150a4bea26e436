"""Real connections through the rules: replies return, uploads survive a path that narrows, reloads lose none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from nimnetcheck.firewall import Mode
from nimnetcheck.model import Direction
from tests.kernel.cases import case, text
from tests.kernel.namespace import inside
from tests.kernel.path import FAR_4, FAR_6

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.kernel
BACKENDS = ("nftables", "iptables-nft", "iptables-legacy")
RELATED = {
    "nftables": ("ct state established,related counter accept", "ct state established counter accept"),
    "iptables": ("--ctstate RELATED,ESTABLISHED", "--ctstate ESTABLISHED"),
}
WHOLE = {FAR_4: "whole", FAR_6: "whole"}
# A site that drops both ways, but for what keeps IPv6 alive on a link: without it nobody could live there.
LOCKED = {
    "nftables": """
nft 'add table inet filter'
nft 'add chain inet filter output { type filter hook output priority 0; policy drop; }'
nft 'add chain inet filter input { type filter hook input priority 0; policy drop; }'
nft 'add rule inet filter output icmpv6 type { 133, 135, 136 } accept'
nft 'add rule inet filter input icmpv6 type { 134, 135, 136 } accept'
""",
    "iptables": """
for tool in {tool} {six}; do $tool -P OUTPUT DROP; $tool -P INPUT DROP; done
for type in 133 135 136; do {six} -A OUTPUT -p icmpv6 --icmpv6-type $type -j ACCEPT; done
for type in 134 135 136; do {six} -A INPUT -p icmpv6 --icmpv6-type $type -j ACCEPT; done
""",
}


def locked(backend: str) -> str:
    return LOCKED[case(backend, Mode.INSERT).backend].replace("{tool}", backend).replace("{six}", f"ip6{backend[2:]}")


def prepared(path: Path, backend: str, mode: Mode, direction: Direction, change: tuple[str, str] | None = None) -> str:
    """The command that loads the file; `change` makes another file of it."""
    chosen = case(backend, mode)
    words = text(chosen.backend, mode, "nim-2.22", direction)
    if change:
        assert change[0] in words
        words = words.replace(*change)
    path.write_text(words, encoding="utf-8")
    return chosen.commands(path)["load"]


@pytest.mark.parametrize("backend", BACKENDS)
def test_replies_return_and_a_large_upload_survives_a_narrowing_path(tmp_path: Path, backend: str) -> None:
    load = prepared(tmp_path / "rules", backend, Mode.INSERT, Direction.BOTH)
    assert inside("upload", setup=locked(backend) + load) == WHOLE


@pytest.mark.parametrize("backend", BACKENDS)
def test_without_related_the_upload_hangs(tmp_path: Path, backend: str) -> None:
    change = RELATED[case(backend, Mode.INSERT).backend]
    load = prepared(tmp_path / "rules", backend, Mode.INSERT, Direction.BOTH, change)
    assert inside("upload", setup=locked(backend) + load) == {FAR_4: "TimeoutError", FAR_6: "TimeoutError"}


@pytest.mark.parametrize("backend", BACKENDS)
def test_without_the_reply_rules_nothing_returns_where_input_drops(tmp_path: Path, backend: str) -> None:
    load = prepared(tmp_path / "rules", backend, Mode.INSERT, Direction.OUT)
    assert inside("upload", setup=locked(backend) + load) == {FAR_4: "TimeoutError", FAR_6: "TimeoutError"}


@pytest.mark.parametrize("backend", BACKENDS)
def test_locked_down_a_large_upload_survives_a_narrowing_path(tmp_path: Path, backend: str) -> None:
    load = prepared(tmp_path / "rules", backend, Mode.LOCKDOWN, Direction.OUT)
    assert inside("upload", setup=load) == WHOLE


@pytest.mark.parametrize("mode", [Mode.INSERT, Mode.LOCKDOWN])
@pytest.mark.parametrize("backend", BACKENDS)
def test_a_reload_loses_nothing(tmp_path: Path, backend: str, mode: Mode) -> None:
    load = prepared(tmp_path / "rules", backend, mode, Direction.BOTH)
    site = locked(backend) if mode is Mode.INSERT else ""
    seen: dict[str, Any] = inside("reload", setup=site + load, load=load, times=10)
    assert (seen["lost"], seen["dropped"]) == ([], 0)
    assert min(seen["connections"]) > 10, "nothing was tried during the reloads"


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_gap_between_removing_and_loading_would_be_noticed(tmp_path: Path, backend: str) -> None:
    load = prepared(tmp_path / "rules", backend, Mode.INSERT, Direction.BOTH)
    remove = case(backend, Mode.INSERT).commands(tmp_path / "rules")["remove"]
    seen = inside("reload", setup=locked(backend) + load, load=f"{remove}\nsleep 0.1\n{load}", times=3)
    assert seen["dropped"]
