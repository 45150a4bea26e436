"""Names that lead to somebody else: sinkholes, hijacks, injected answers, overrides of this host itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import trustme

from tests.lab.network import HOSTS, PROXY, RESOLVER
from tests.lab.scenario import Scenario, as_named, rules
from tests.lab.servers import dnsmasq, f5, nginx, unbound
from tests.lab.servers.dnsmasq import answering
from tests.lab.servers.unbound import resolving

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.lab.lab import Lab
    from tests.lab.scenario import Start

DIAGNOSE = ("diagnose", "--for", "nginx-plus", "--timeout", "1.5")
HOST = "product.connect.nginx.com"
ADDRESSES = HOSTS[HOST]
ELSEWHERE = "203.0.113.80"
NEGATIVE = (
    "dns.nxdomain",
    "dns.nodata",
    "dns.servfail",
    "dns.refused",
    "dns.filtered",
    "dns.split-view",
    "dns.port53-intercepted",
)
CONNECTING = ("tcp.drop-path", "tcp.refused", "tls.wrong-host", "tls.not-tls")


def hosts_file(lab: Lab, address: str = "10.20.0.99") -> None:
    """Somebody once wrote the name into the hosts file."""
    lab.place("/etc/hosts", f"127.0.0.1 localhost\n{address} {HOST}\n")


def suffix(lab: Lab, ndots: int = 5) -> None:
    """A search list that comes first, as in Kubernetes, and a wildcard in the company's zone."""
    dnsmasq.start(lab, HOSTS, "--address=/corp.example/10.20.0.99")
    lab.place("/etc/resolv.conf", f"nameserver {RESOLVER}\nsearch corp.example\noptions ndots:{ndots}\n")


def somebody_else(lab: Lab) -> None:
    """At a public address that is not the vendor's, with a certificate of its own."""
    authority = trustme.CA(organization_name="Somebody Else")
    nginx.serve(lab, nginx.certify(lab, authority.issue_cert("www.example.com")), port=8443)
    lab.shell(
        "cloud",
        "nft add table ip twist; nft add chain ip twist pre '{ type nat hook prerouting priority -100; }'; "
        f"nft add rule ip twist pre ip daddr {ELSEWHERE} tcp dport 443 redirect to :8443",
    )


def block_page(lab: Lab) -> None:
    """The filter's own page, with a certificate that it made itself."""
    authority = trustme.CA(organization_name="Filter")
    nginx.serve(lab, nginx.certify(lab, authority.issue_cert("block.example")), where="resolver")


def injector(lab: Lab) -> None:
    """Copies of all questions reach a second server with the resolver's address, which is quicker and lies."""
    unbound.start(lab)
    lab.shell("proxy", f"ip addr add {RESOLVER}/32 dev lo")
    dnsmasq.answer(lab, "proxy", {}, f"--address=/nginx.com/{ELSEWHERE}")
    lab.shell(
        "gateway",
        "nft add table ip tap; nft add chain ip tap pre '{ type filter hook prerouting priority -300; }'; "
        f"nft add rule ip tap pre ip daddr {RESOLVER} udp dport 53 dup to {PROXY} device dmz",
    )


def scenario(
    name: str, shows: str, *start: Start, never: tuple[str, ...] = (), inject: Mapping[str, str] | None = None
) -> Scenario:
    """A scenario of this layer."""
    return as_named(name, shows, *start, never=(*NEGATIVE, *never), arguments=DIAGNOSE, inject=inject)


SCENARIOS = (
    scenario(
        "dns.sinkhole",
        "a filter answers with the unspecified address",
        f5.start,
        answering({}, "--address=/nginx.com/0.0.0.0"),
        never=CONNECTING,
    ),
    scenario(
        "dns.sinkhole.loopback",
        "a filter answers with this host's own address",
        f5.start,
        answering({}, "--address=/nginx.com/127.0.0.1"),
        never=CONNECTING,
    ),
    scenario(
        "dns.sinkhole.private",
        "an internal zone leads to where nobody is",
        f5.start,
        resolving('local-data: "product.connect.nginx.com. A 10.20.53.99"'),
        never=CONNECTING,
    ),
    scenario(
        "dns.sinkhole.page",
        "a filter answers with its own page's address",
        f5.start,
        answering({}, "--address=/nginx.com/10.20.53.53"),
        block_page,
        never=CONNECTING,
    ),
    scenario(
        "dns.hijack-public",
        "the resolver leads to somebody else on the internet",
        f5.start,
        answering({HOST: (ELSEWHERE,)}),
        somebody_else,
        never=("tls.wrong-host", "tls.intercepted-untrusted", "rules.gap"),
    ),
    scenario(
        "rules.gap",
        "the service answers at an address that is not published",
        f5.start,
        answering({HOST: (ELSEWHERE, ADDRESSES[-1])}),
        never=("dns.hijack-public", "tls.wrong-host"),
    ),
    scenario(
        "rules.gap.blocked",
        "the service has moved, and the firewall opens the published addresses alone",
        f5.start,
        answering({HOST: (ELSEWHERE, ADDRESSES[-1])}),
        never=("dns.hijack-public",),
        inject={"gateway": rules("on", "ip daddr 203.0.113.0/24 drop")},
    ),
    scenario(
        "dns.injected",
        "somebody on the way is quicker than the resolver",
        f5.start,
        injector,
        somebody_else,
        never=("dns.hijack-public",),
    ),
    scenario(
        "dns.search-or-hosts-override",
        "the hosts file names the host",
        f5.start,
        answering(),
        hosts_file,
    ),
    scenario(
        "dns.search-or-hosts-override.suffix",
        "a wildcard in the search list takes the name over",
        f5.start,
        suffix,
    ),
    scenario(
        "clean.hosts-file",
        "the hosts file says the same as the resolver",
        f5.start,
        answering(),
        lambda lab: hosts_file(lab, ADDRESSES[0]),
    ),
    scenario("clean.search-list", "a search list in which nothing answers", f5.start, lambda lab: suffix(lab, 1)),
)
