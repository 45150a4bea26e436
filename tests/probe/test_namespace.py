"""Probes against the real kernel: every way in which a firewall or router between here and there can say no."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.machine import SYSTEM_PATH, missing, require

pytestmark = pytest.mark.kernel
INSIDE = Path(__file__).with_name("inside.py")


def scenario(name: str) -> Any:  # noqa: ANN401 (JSON)
    """What the scenario saw, in a network namespace of its own."""
    require(missing("nsenter", "sysctl"))
    command = ["unshare", "-Urn", sys.executable, str(INSIDE), name]
    ended = subprocess.run(
        command, check=False, capture_output=True, text=True, env={**os.environ, "PATH": SYSTEM_PATH}
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def test_every_refusal_on_a_path_has_its_name_and_its_sender() -> None:
    seen = scenario("paths")
    assert {address: one["failure"] for address, one in seen.items()} == {
        "203.0.113.1": "tcp_timeout",
        "203.0.113.2": "port_unreachable",
        "203.0.113.3": "tcp_refused",
        "203.0.113.4": "admin_prohibited",
        "203.0.113.5": "host_unreachable",
        "203.0.113.6": "net_unreachable",
        "203.0.113.7": "blocked_locally",
        "203.0.113.8": "tcp_timeout",  # the kernel tells a TCP socket nothing of a drop in its own OUTPUT
        "198.51.100.1": "no_route",
        "198.51.100.8": "host_unreachable",
        "198.51.100.9": "no_route",
        "192.0.2.77": "host_unreachable",
        "2001:db8:1::1": "admin_prohibited",
        "2001:db8:1::2": "net_unreachable",
        "2001:db8:1::3": "tcp_timeout",
        "2001:db8:2::1": "no_route",
    }
    senders = {address: one["icmp"]["sender"] for address, one in seen.items() if one["icmp"]}
    assert senders == {
        **{f"203.0.113.{n}": "192.0.2.1" for n in (2, 4, 5, 6)},
        "203.0.113.7": "192.0.2.2",
        "192.0.2.77": "192.0.2.2",
        "2001:db8:1::1": "2001:db8::1",
        "2001:db8:1::2": "2001:db8::1",
    }
    assert seen["203.0.113.1"]["retransmits"] >= 2


def test_resolvers_behind_rules() -> None:
    seen = scenario("names")
    assert {address: one["failure"] for address, one in seen.items()} == {
        "203.0.113.1": "dns_timeout",
        "203.0.113.4": "admin_prohibited",
        "203.0.113.8": "blocked_locally",
        "198.51.100.1": "no_route",
    }
    assert "from 192.0.2.1" in seen["203.0.113.4"]["detail"]


def test_half_a_range_that_drops_is_one_silent_prefix() -> None:
    seen = scenario("sweep")
    assert seen["counts"] == {"proven": 64, "silent": 64, "blocked here": 0, "not judged": 0}
    assert seen["silent"] == ["159.60.126.64/26"]
    assert [len(line) for line in seen["drawing"][:8]] == [len("159.60.126.112  ") + 31] * 8
