"""Questions that do not get to the resolver, since somebody on the way takes port 53; and who looks like that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab.network import GATEWAY, HOSTS, RESOLVER, RESOLVER6
from tests.lab.scenario import Scenario, as_named
from tests.lab.servers import dnsmasq, f5, unbound
from tests.lab.servers.dnsmasq import answering

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.lab.lab import Lab
    from tests.lab.scenario import Start

DIAGNOSE = ("diagnose", "--for", "nginx-plus", "--timeout", "1.5")
LIKE_IT = ("dns.nxdomain", "dns.nodata", "dns.servfail", "dns.refused", "dns.sinkhole", "dns.injected")
SERVICE = "10.96.0.10"
DENIED = "--address=/nginx.com/"
PRIVATE = "--address=/nginx.com/10.20.0.99"


def taken(where: str, hosts: Mapping[str, tuple[str, ...]], *options: str, only: str = "") -> Callable[[Lab], None]:
    """A router there answers what goes to port 53, of `only` these addresses."""

    def start(lab: Lab) -> None:
        dnsmasq.answer(lab, where, hosts, *options, port=5353)
        lab.shell(
            where,
            "nft add table inet twist; nft add chain inet twist pre '{ type nat hook prerouting priority -100; }'; "
            f"nft add rule inet twist pre {only} meta l4proto '{{ tcp, udp }}' th dport 53 redirect to :5353",
        )

    return start


def asking(resolver: str) -> Callable[[Lab], None]:
    """The client is configured with that resolver."""
    return lambda lab: lab.place("/etc/resolv.conf", f"nameserver {resolver}\n")


def router_serves(lab: Lab) -> None:
    """The resolver's address is one of the router's own, on none of the client's links."""
    lab.shell("gateway", f"ip addr add {RESOLVER}/32 dev lo")
    dnsmasq.answer(lab, "gateway", {}, PRIVATE)


def scenario(name: str, shows: str, *start: Start) -> Scenario:
    """A scenario of this table."""
    return as_named(name, shows, f5.start, *start, never=("dns.port53-intercepted", *LIKE_IT), arguments=DIAGNOSE)


SCENARIOS = (
    scenario(
        "dns.port53-intercepted",
        "the gateway answers in the resolver's place, and denies the name",
        answering(),
        taken("gateway", {}, DENIED),
    ),
    scenario(
        "dns.port53-intercepted.private",
        "the gateway answers in the resolver's place, with an address where nobody is; all of it over IPv6",
        answering(),
        asking(RESOLVER6),
        taken("gateway", {}, PRIVATE),
    ),
    scenario(
        "dns.port53-intercepted.provider",
        "a public resolver is configured, and the provider's own refuses in its place",
        lambda lab: dnsmasq.answer(lab, "cloud"),
        asking(unbound.PUBLIC),
        taken("provider", {}),
    ),
    scenario(
        "dns.sinkhole.router",
        "the resolver is the router under another address, and gives an address where nobody is",
        asking(RESOLVER),
        router_serves,
    ),
    scenario(
        "dns.nxdomain.gateway",
        "the resolver is the gateway, and denies the name",
        asking(GATEWAY),
        lambda lab: dnsmasq.answer(lab, "gateway", {}, DENIED),
    ),
    scenario(
        "dns.nxdomain.service",
        "the resolver's address is a service's, as in Kubernetes: its port alone is led on, and the resolver denies",
        asking(SERVICE),
        taken("gateway", {}, DENIED, only=f"ip daddr {SERVICE}"),
    ),
    scenario(
        "dns.nxdomain.others-taken",
        "the company's resolver denies the name, and the gateway answers what goes to others",
        answering({}, DENIED),
        taken("gateway", {}, DENIED, only="ip daddr != 10.20.0.0/16"),
    ),
    scenario(
        "clean.port53-taken",
        "the gateway answers in the resolver's place, as the resolver would",
        answering(),
        taken("gateway", HOSTS),
    ),
)
