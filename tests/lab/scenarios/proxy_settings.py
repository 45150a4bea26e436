"""Which proxy this host is told to use, by whom, and what is wrong with that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab.network import PROXY
from tests.lab.scenario import Scenario, as_named, rules
from tests.lab.servers import dnsmasq, f5, squid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.lab.lab import Lab
    from tests.lab.scenario import Start

AUTOMATIC = ("diagnose", "--for", "nginx-plus", "--timeout", "2")
LOOK_ALIKES = ("proxy.refused", "proxy.timeout", "tcp.drop-path", "tcp.no-egress")
SHUT = {"gateway": rules("on", "iifname lan oifname wan drop")}


def settings(lab: Lab, *lines: str) -> None:
    """NIM's own configuration, in a file of the laboratory."""
    lab.write("nms.conf", "\n".join(lines) + "\n")


def scenario(
    name: str,
    shows: str,
    *start: Start,
    arguments: tuple[str, ...] = (),
    environment: Mapping[str, str],
) -> Scenario:
    """A scenario of this layer; the direct way is shut, and squid serves."""
    servers: tuple[Start, ...] = (f5.start, dnsmasq.start, squid.start, *start)
    given = (*AUTOMATIC, *arguments)
    return as_named(name, shows, *servers, never=LOOK_ALIKES, arguments=given, inject=SHUT, environment=environment)


def nim(lab: Lab) -> None:
    """NIM goes through the proxy."""
    section = {"proxy_enable": "true", "proxy_host": PROXY, "proxy_port": squid.PORT, "proxy_protocol": "http"}
    settings(lab, "proxy_config:", *(f"  {key}: {value}" for key, value in section.items()))


SCENARIOS = (
    scenario(
        "proxy.required",
        "the shell knows the proxy, and NIM does not",
        lambda lab: settings(lab, "integrations: {}"),
        arguments=("--nms-config", "nms.conf"),
        environment={"HTTPS_PROXY": f"http://{PROXY}:{squid.PORT}"},
    ),
    scenario(
        "clean.proxy.nms-conf",
        "NIM's own setting is used, and the shell's is the same",
        nim,
        arguments=("--nms-config", "nms.conf"),
        environment={"HTTPS_PROXY": f"http://{PROXY}:{squid.PORT}"},
    ),
    scenario(
        "proxy.bad-url",
        "the variable lacks the port, which then means 80",
        environment={"HTTPS_PROXY": f"http://{PROXY}"},
    ),
    scenario(
        "proxy.config-drift",
        "NIM and the shell go by different proxies, and NIM's works",
        nim,
        arguments=("--nms-config", "nms.conf"),
        environment={"HTTPS_PROXY": f"http://{PROXY}:8080"},
    ),
    scenario(
        "proxy.no-proxy-surprise",
        "NO_PROXY holds a prefix, which older programs do not match",
        environment={"HTTPS_PROXY": f"http://{PROXY}:{squid.PORT}", "NO_PROXY": "localhost,10.0.0.0/8"},
    ),
)
