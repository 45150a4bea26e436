"""What the way out of this host means: the link, routes, ports, and the next hop."""

from __future__ import annotations

from nimnetcheck.diagnosis.conditions import own_host
from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Confidence, Failure, Scope

F = Failure
LOCAL = (F.NO_ROUTE, F.HOST_UNREACHABLE, F.BLOCKED_LOCALLY, F.TCP_TIMEOUT, F.DNS_TIMEOUT)

ENTRIES: tuple[Diagnosis, ...] = (
    Diagnosis(
        code="local.link-down",
        scope=Scope.HOST,
        failures=LOCAL,
        when=own_host.link_down,
        title="The network interface is down",
        explanation=(
            "The interface that leads there is down or has no carrier, so this host reaches nothing through it."
        ),
        action="Bring it up, or put the cable in; in a virtual machine connect its network adapter.",
        confidence=Confidence.CERTAIN,
        settle="ip link",
        commands=("ip link", "ip route"),
    ),
    Diagnosis(
        code="local.route-blackhole",
        scope=Scope.HOST,
        failures=(F.NO_ROUTE,),
        when=own_host.route_is("blackhole"),
        title="A route of this host throws the packets away",
        explanation="A blackhole route covers the address: the kernel refused at once and sent nothing.",
        action="Find out who set the route, and delete it.",
        confidence=Confidence.CERTAIN,
        settle="ip route show match {address}",
    ),
    Diagnosis(
        code="local.route-unreachable",
        scope=Scope.HOST,
        failures=(F.HOST_UNREACHABLE,),
        when=own_host.route_is("unreachable"),
        title="A route of this host says that the address is unreachable",
        explanation="An unreachable route covers the address: the kernel refused at once and sent nothing.",
        action="Find out who set the route (a VPN client that is down does so), and delete it.",
        confidence=Confidence.CERTAIN,
        settle="ip route show match {address}",
    ),
    Diagnosis(
        code="local.route-prohibit",
        scope=Scope.HOST,
        failures=(F.BLOCKED_LOCALLY,),
        when=own_host.route_is("prohibit"),
        title="A route of this host prohibits the address",
        explanation="A prohibit route covers the address: the kernel refused at once and sent nothing.",
        action="Find out who set the route, and delete it.",
        confidence=Confidence.CERTAIN,
        settle="ip route show match {address}",
    ),
    Diagnosis(
        code="local.no-ports",
        scope=Scope.HOST,
        failures=(F.NO_ROUTE,),
        when=own_host.ports_used_up,
        title="This host has no local port left to connect from",
        explanation="The kernel found no free port in its range for another connection (EADDRNOTAVAIL).",
        action="See what holds so many connections (`ss -tan state time-wait`), or widen the range.",
        confidence=Confidence.CERTAIN,
        settle="ss -s; sysctl net.ipv4.ip_local_port_range",
        commands=("ss -s", "sysctl net.ipv4.ip_local_port_range"),
    ),
    Diagnosis(
        code="local.gateway-dead",
        scope=Scope.HOST,
        failures=(F.HOST_UNREACHABLE, F.TCP_TIMEOUT, F.DNS_TIMEOUT),
        when=own_host.next_hop_dead,
        title="The next hop does not answer on its own network",
        explanation=(
            "The router that this host's route names does not answer ARP or neighbour discovery: it is down, its "
            "address is wrong in the route, or the two are not on the same network."
        ),
        action="Check the gateway's address in the route, and that the gateway is up and on this network (VLAN).",
        confidence=Confidence.CERTAIN,
        settle="ip neigh; ip route get {address}",
        commands=("ip neigh", "ip route get {address}"),
    ),
)
