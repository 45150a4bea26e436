"""What the products of a host do, by their units and logs, where every probe gets through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab.scenario import as_named
from tests.lab.servers import dnsmasq, f5

if TYPE_CHECKING:
    from tests.lab.lab import Lab
    from tests.lab.scenario import Scenario

NIM = ("diagnose", "--for", "nim-2.22", "-4", "--timeout", "2")
PUBLISHED = "3.135.72.139 3.133.232.50 52.14.85.249 159.60.126.0/25"
LOG = (
    "2026/11/25 06:10:00 [WARN] [NC-RETRY] retrying after error: "
    'Post "https://product.connect.nginx.com/api/nginx-usage/batch": '
    "dial tcp 3.135.72.139:443: connect: {} wait=5s\n"
)


def unit(*lines: str) -> str:
    """Shell that makes a unit of NIM's with these settings, as an administrator who is in a hurry does."""
    return "\n".join(
        (
            "mkdir -p /run/systemd/system/nms-integrations.service.d",
            "echo '[Service]' >/run/systemd/system/nms-integrations.service",
            "cat >/run/systemd/system/nms-integrations.service.d/hardening.conf <<'EOF'",
            "[Service]",
            *lines,
            "EOF",
        )
    )


def scenario(name: str, shows: str, *lines: str, refused: str = "") -> Scenario:
    """A scenario of this layer: nothing is wrong with the network."""

    def log(lab: Lab) -> None:
        lab.write("nms.log", LOG.format(refused))

    return as_named(
        name,
        shows,
        f5.start,
        dnsmasq.start,
        *((log,) if refused else ()),
        never=("local.lsm-or-unit-filter", "local.tool-differs", "local.fw-drop", "tcp.drop-path"),
        arguments=(*NIM, *(("--logs", "nms.log") if refused else ())),
        inject={"client": unit(*lines)} if lines else {},
    )


SCENARIOS = (
    scenario(
        "local.lsm-or-unit-filter.private-network",
        "the unit that sends has a network of its own, with nothing in it",
        "PrivateNetwork=yes",
    ),
    scenario(
        "local.lsm-or-unit-filter.addresses",
        "the unit may reach the addresses of the old endpoint alone",
        "IPAddressDeny=any",
        "IPAddressAllow=localhost 10.20.0.0/16 198.51.100.0/24",
    ),
    scenario(
        "clean.hardened-unit",
        "the unit may reach what it needs, and nothing is found",
        "IPAddressDeny=any",
        f"IPAddressAllow=localhost 10.20.0.0/16 {PUBLISHED}",
        "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
        "SystemCallFilter=@system-service",
    ),
    scenario(
        "local.lsm-or-unit-filter.by-its-log",
        "the kernel refuses NIM at once, by its log, and no probe",
        refused="permission denied",
    ),
    scenario(
        "local.tool-differs.namespace",
        "the unit that sends is in a network namespace of its own, which no probe sees",
        "NetworkNamespacePath=/run/netns/gateway",
    ),
    scenario(
        "local.tool-differs",
        "NIM gets no answer, by its log, where every probe does",
        refused="connection timed out",
    ),
)
