"""Users of the client: who sends decides what becomes of a connection. Only root can look as another user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab.scenario import Scenario, rules
from tests.lab.servers import dnsmasq, f5

if TYPE_CHECKING:
    from tests.lab.lab import Lab

NMS = 991
PASSWD = f"""root:x:0:0:root:/root:/bin/sh
nms:x:{NMS}:{NMS}:nms:/var/lib/nms:/usr/sbin/nologin
"""
BY_USER = "meta skuid {} tcp dport 443 drop"


def nim(lab: Lab) -> None:
    """NIM is here, and its packages made a user for it."""
    lab.place("/etc/passwd", PASSWD)
    lab.write("nms.conf", "integrations: {}\n")


def scenario(name: str, shows: str, *expected: str, never: tuple[str, ...], blocked: str) -> Scenario:
    """A scenario of this layer: this host's firewall drops what these users send."""
    return Scenario(
        name=name,
        shows=shows,
        start=(f5.start, dnsmasq.start, nim),
        inject={"client": rules("out", BY_USER.format(blocked))},
        arguments=("diagnose", "--for", "nim-2.22", "--nms-config", "nms.conf", "-4", "--timeout", "1.4"),
        expected=expected,
        never=(*never, "tcp.drop-path", "tcp.no-egress", "tcp.loss"),
        as_root=True,
    )


SCENARIOS = (
    scenario(
        "local.fw-per-user",
        "this host's firewall drops what the user nms sends: root connects, NIM does not",
        "local.fw-per-user",
        never=("local.fw-drop",),
        blocked=str(NMS),
    ),
    scenario(
        "local.fw-per-user.root",
        "the other way round: root's connections are dropped, and NIM's are not",
        "local.fw-per-user",
        never=("local.fw-drop",),
        blocked="0",
    ),
    scenario(
        "local.fw-drop.every-user",
        "the same rule for everybody: no user fares better than root",
        "local.fw-drop",
        never=("local.fw-per-user",),
        blocked="{ 0-65535 }",
    ),
)
