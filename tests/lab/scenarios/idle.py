"""Connections that say nothing for a while: forgotten on the way, closed by the server, or kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab.scenario import Scenario, as_named, rules
from tests.lab.scenarios.http import NAMES, answers, names_only
from tests.lab.servers import dnsmasq

if TYPE_CHECKING:
    from collections.abc import Mapping

LOOK_ALIKES = ("path.idle-kill", "http.disconnect", "server.stalled", "upload.stalled", "tcp.reset", "tcp.loss")


def forgetting(verdict: str, where: str = "gateway", chain: str = "on") -> Mapping[str, str]:
    """A firewall forgets after two seconds, and does this with packets of connections it does not know."""
    sysctls = ("tcp_timeout_established=2", "tcp_loose=0")
    forget = "\n".join(f"sysctl -qw net.netfilter.nf_conntrack_{one}" for one in sysctls)
    return {where: f"{forget}\n{rules(chain, f'ct state invalid {verdict}')}"}


def scenario(
    name: str, shows: str, lines: str = "", inject: Mapping[str, str] | None = None, idle_s: str = "3"
) -> Scenario:
    """Connections of a run of `diagnose` are silent for that long; these lines say what the server does."""
    return as_named(
        name,
        shows,
        answers(f"{lines} return 200 '{{}}';"),
        dnsmasq.start,
        names_only,
        never=LOOK_ALIKES,
        arguments=(*NAMES, "new", "--idle", idle_s),
        inject=inject,
    )


SCENARIOS: tuple[Scenario, ...] = (
    scenario(
        "path.idle-kill", "a firewall forgets silent connections and drops what follows", inject=forgetting("drop")
    ),
    scenario(
        "path.idle-kill.reset",
        "a firewall forgets silent connections and resets what follows",
        inject=forgetting("meta l4proto tcp reject with tcp reset"),
    ),
    scenario(
        "path.idle-kill.own-rules",
        "this host's own rules forget silent connections and drop what follows",
        inject=forgetting("drop", "client", "out"),
    ),
    scenario(
        "clean.idle.shorter",
        "a firewall forgets silent connections, and none is silent for so long",
        inject=forgetting("drop"),
        idle_s="1",
    ),
    scenario("clean.idle", "nothing is wrong, and connections may be silent for as long as is asked for"),
    scenario("clean.idle.closed", "the server itself closes silent connections", "keepalive_timeout 1s;"),
)
