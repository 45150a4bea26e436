"""What a host says of itself becomes observations, without sending anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nimnetcheck.model import Failure, Outcome
from nimnetcheck.site import host

if TYPE_CHECKING:
    from pathlib import Path


def test_resolvers_are_read_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "resolv.conf"
    path.write_text("# comment\nsearch example.com\nnameserver 192.0.2.53\nnameserver 2001:db8::53\n", encoding="utf-8")
    assert host.resolvers(path).detail == "192.0.2.53, 2001:db8::53"


@pytest.mark.parametrize("text", [None, "", "search example.com\n"])
def test_no_resolver_is_a_named_failure(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "resolv.conf"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    assert host.resolvers(path).failure is Failure.DNS_NO_RESOLVER


def test_no_firewall_tool_is_a_warning_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(host, "SBIN", str(tmp_path))
    seen = host.firewall_tools()
    assert (seen.failure, seen.required) == (Failure.TOOL_MISSING, False)
    for name in ("nft",):
        tool = tmp_path / name
        tool.write_text("#!/bin/sh\n", encoding="utf-8")
        tool.chmod(0o755)
    assert host.firewall_tools().detail == "nftables"


def test_privileges_are_stated_and_never_demanded() -> None:
    assert host.privileges().outcome is Outcome.PASSED
