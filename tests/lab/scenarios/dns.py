"""Names that do not resolve: what resolvers say, and what becomes of questions on the way; unbound and dnsmasq."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab.network import HOSTS, RESOLVER
from tests.lab.scenario import Scenario, as_named, rules
from tests.lab.servers import dnsmasq, f5, unable, unbound
from tests.lab.servers.dnsmasq import answering
from tests.lab.servers.unbound import resolving

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.lab.lab import Lab
    from tests.lab.scenario import Start

DIAGNOSE = ("diagnose", "--for", "nginx-plus", "--timeout", "1.5")
HOST = "product.connect.nginx.com"
ADDRESSES = HOSTS[HOST]
NEGATIVE = (
    "dns.nxdomain",
    "dns.nodata",
    "dns.servfail",
    "dns.refused",
    "dns.notimp",
    "dns.formerr",
    "dns.filtered",
    "dns.split-view",
    "dns.port53-intercepted",
)
TO_PORT_53 = "meta l4proto { tcp, udp } th dport 53"
ASKS_FOR_AAAA = "|03636f6d00001c0001|"  # what ends a question about a name under com: com, AAAA, IN


def only_configured(lab: Lab) -> None:
    """A resolver is named, and nothing serves there."""
    lab.place("/etc/resolv.conf", f"nameserver {RESOLVER}\n")


def refused_forwarder(lab: Lab) -> None:
    """The company's resolver forwards to one that does not serve it."""
    dnsmasq.answer(lab, "cloud", {})
    unbound.configure(lab)


def two_resolvers(lab: Lab) -> None:
    """The company's does not know the name, and the public one does."""
    dnsmasq.start(lab, {}, "--address=/nginx.com/")
    dnsmasq.answer(lab, "cloud")
    lab.place("/etc/resolv.conf", f"nameserver {RESOLVER}\nnameserver {unbound.PUBLIC}\n")


def scenario(
    name: str, shows: str, *start: Start, never: tuple[str, ...] = (), inject: Mapping[str, str] | None = None
) -> Scenario:
    """A scenario of this layer."""
    return as_named(name, shows, *start, never=(*NEGATIVE, *never), arguments=DIAGNOSE, inject=inject)


SCENARIOS = (
    scenario("clean.unbound", "a validating resolver, and nothing is wrong", f5.start, unbound.start),
    scenario(
        "dns.nxdomain", "the company's resolver denies the name", f5.start, answering({}, "--address=/nginx.com/")
    ),
    scenario(
        "dns.nxdomain.zone",
        "a policy of a validating resolver denies the zone",
        f5.start,
        resolving('local-zone: "nginx.com." always_nxdomain'),
        never=("dns.dnssec-bogus",),
    ),
    scenario(
        "dns.nodata",
        "a policy answers with nothing",
        f5.start,
        resolving('local-zone: "nginx.com." always_nodata'),
    ),
    scenario(
        "dns.servfail",
        "the resolver's forwarder refuses it",
        f5.start,
        refused_forwarder,
        never=("dns.dnssec-bogus", "dns.resolver-dead"),
    ),
    scenario(
        "dns.dnssec-bogus",
        "the resolver's anchor says that the zone is signed, and what arrives is not",
        f5.start,
        resolving(f'trust-anchor: "nginx.com. DS 12345 13 2 {"ab" * 32}"'),
    ),
    scenario(
        "dns.refused",
        "the resolver's access list does not hold this host",
        f5.start,
        resolving("access-control: 10.20.0.0/24 refuse"),
    ),
    scenario("dns.refused.no-forwarder", "the resolver knows no zone and forwards nothing", f5.start, answering({})),
    scenario(
        "dns.notimp", "what stands at the resolver's address does not resolve", f5.start, unable.answering("NOTIMP")
    ),
    scenario("dns.formerr", "a broken forwarder cannot read the question", f5.start, unable.answering("FORMERR")),
    scenario(
        "dns.malformed",
        "what stands at the resolver's address does not speak DNS",
        f5.start,
        unable.answering("junk"),
        never=("dns.filtered", "dns.resolver-dead", "dns.tcp53-blocked"),
    ),
    scenario(
        "dns.resolver-dead",
        "nobody serves at the resolver's address",
        f5.start,
        only_configured,
        never=("dns.rejected",),
    ),
    scenario(
        "dns.filtered",
        "a firewall drops questions",
        f5.start,
        answering(),
        never=("dns.resolver-dead", "dns.udp53-blocked"),
        inject={"gateway": rules("on", f"{TO_PORT_53} drop")},
    ),
    scenario(
        "dns.rejected",
        "a firewall rejects questions and says so",
        f5.start,
        answering(),
        never=("dns.resolver-dead",),
        inject={"gateway": rules("on", f"{TO_PORT_53} reject with icmp type admin-prohibited")},
    ),
    scenario(
        "dns.udp53-blocked",
        "a firewall drops datagrams to the resolver, and lets TCP by",
        f5.start,
        answering(),
        inject={"gateway": rules("on", "udp dport 53 drop")},
    ),
    scenario(
        "dns.tcp53-blocked",
        "the answer fits no datagram, and TCP to the resolver is dropped",
        f5.start,
        answering({HOST: (*(f"3.135.72.{n}" for n in range(1, 61)), ADDRESSES[-1])}),
        inject={"gateway": rules("on", "tcp dport 53 drop")},
    ),
    scenario(
        "dns.aaaa-stall",
        "questions for IPv6 addresses are dropped, those for IPv4 are not",
        f5.start,
        answering(),
        inject={
            "gateway": "iptables-legacy -A FORWARD -p udp --dport 53 -m string --algo bm "
            f"--hex-string '{ASKS_FOR_AAAA}' -j DROP"
        },
    ),
    scenario(
        "dns.split-view",
        "the first resolver denies the name, the second one knows it",
        f5.start,
        two_resolvers,
    ),
    scenario("dns.no-config", "no resolver is configured", f5.start, lambda lab: lab.place("/etc/resolv.conf", "")),
)
