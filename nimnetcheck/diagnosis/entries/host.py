"""What this host's own state means: route, next hop, firewall, limits, clock, tools."""

from __future__ import annotations

from nimnetcheck.diagnosis.conditions import own_host
from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Confidence, Failure, Scope, Severity

F = Failure
LOCAL = (F.NO_ROUTE, F.HOST_UNREACHABLE, F.BLOCKED_LOCALLY, F.TCP_TIMEOUT, F.DNS_TIMEOUT)
RULES = (
    "`nimnetcheck trace` names the rule and the smallest change that opens the way. To open all endpoints at once, "
    "load what `nimnetcheck rules nftables --mode insert` (or iptables, firewalld) writes."
)
LOOK = ("nft list ruleset", "iptables -S OUTPUT", "ip6tables -S OUTPUT")

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
    Diagnosis(
        code="local.conntrack-full",
        scope=Scope.HOST,
        failures=(F.TCP_TIMEOUT, F.BLOCKED_LOCALLY),
        when=own_host.tracking_full,
        title="This host's connection tracking is full",
        explanation=(
            "Its table holds as many connections as it may, so the kernel drops the first packet of each new one."
        ),
        action="Raise the limit, and see what opens so many connections.",
        confidence=Confidence.CERTAIN,
        settle="sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max",
        commands=("sysctl -w net.netfilter.nf_conntrack_max=524288", "conntrack -S"),
    ),
    Diagnosis(
        code="local.fw-reject",
        scope=Scope.HOST,
        failures=(F.BLOCKED_LOCALLY, F.TCP_REFUSED),
        when=own_host.rejected_here,
        title="This host's own firewall rejects the connection",
        explanation=(
            "The refusal comes from this host itself: its ICMP message, a RST before the first router, or a rule that "
            "the kernel named in a copy of this firewall (`trace`)."
        ),
        action=RULES,
        confidence=Confidence.CERTAIN,
        alternatives=("Of a RST only: something in the very first hop, such as a transparent proxy on the gateway.",),
        settle="nft list ruleset",
        commands=LOOK,
    ),
    Diagnosis(
        code="local.fw-reply",
        scope=Scope.HOST,
        failures=(F.BLOCKED_LOCALLY, F.TCP_TIMEOUT),
        when=own_host.reply_dropped,
        title="This host's own firewall drops the answers",
        explanation=(
            "The request leaves, and its answer is not let in: the kernel showed it in a copy of this firewall "
            "(`trace`). From outside that looks like silence on the way."
        ),
        action=(
            "Let in what belongs to a connection: `ct state established,related accept` in the chain that drops, "
            "before that rule; `nimnetcheck rules` writes it with `--direction both`."
        ),
        confidence=Confidence.CERTAIN,
        settle="nft list ruleset",
        commands=LOOK,
    ),
    Diagnosis(
        code="local.fw-related",
        scope=Scope.HOST,
        failures=(F.BLOCKED_LOCALLY,),
        when=own_host.error_dropped,
        title="This host's own firewall drops the errors that belong to its connections",
        explanation=(
            "Connections open, and what routers say of them is not let in: the kernel showed it in a copy of this "
            "firewall (`trace`). Where the path narrows (a tunnel, a VPN, PPPoE), this host never learns that its "
            "segments are too big: uploads hang, and small requests do not."
        ),
        action=(
            "Let in the ICMP that is related to a connection, before the rule that drops it: `ct state related "
            "accept`, or `-m conntrack --ctstate RELATED -j ACCEPT`. It opens no port; `trace` says where it belongs."
        ),
        severity=Severity.WARNING,
        confidence=Confidence.CERTAIN,
        settle="nft list ruleset",
        commands=("nft list ruleset", "iptables -S INPUT", "ip6tables -S INPUT"),
    ),
    Diagnosis(
        code="local.fw-drop",
        scope=Scope.HOST,
        failures=(F.TCP_TIMEOUT, F.BLOCKED_LOCALLY),
        when=own_host.never_left,
        proof=own_host.tries,
        title="This host's own firewall stops the packet",
        explanation=(
            "The packet never left: the kernel refused the datagram (EPERM), or it counted each try to send the SYN "
            "again and has none of them on its way, or it named the rule in a copy of this firewall (`trace`)."
        ),
        action=RULES,
        confidence=Confidence.CERTAIN,
        alternatives=("`local.fw-per-user`: a rule that names a user. As root, `diagnose` tells the two apart.",),
        settle="nft list ruleset",
        commands=LOOK,
    ),
    Diagnosis(
        code="ip6.only-nat64",
        scope=Scope.HOST,
        failures=(F.NO_ROUTE,),
        when=own_host.only_nat64,
        title="This host has IPv6 only, and NAT64 carries names",
        explanation=(
            "There is no IPv4 route, and the resolver gives IPv6 addresses in 64:ff9b::/96 that stand for IPv4 ones. "
            "Names are reached through them; a range that is known by IPv4 addresses alone, as telemetry is, cannot be."
        ),
        action="Nothing, for names. For 159.60.126.0/25 this host needs IPv4, or CLAT (464XLAT).",
        severity=Severity.INFO,
        settle="dig +short AAAA ipv4only.arpa",
    ),
    Diagnosis(
        code="local.no-route",
        scope=Scope.HOST,
        failures=(F.NO_ROUTE,),
        title="This host has no route to the address",
        explanation="The kernel refused at once: no route covers the address, so nothing was sent.",
        action=(
            "Look at `ip route get {address}`; add a default route, or use the forward proxy that this network needs."
        ),
        settle="ip route get {address}",
    ),
    Diagnosis(
        code="local.bad-clock",
        scope=Scope.HOST,
        failures=(F.CLOCK_WRONG,),
        title="This host's clock is wrong",
        explanation="It disagrees with the time that the other side gave, or lies before this release was made.",
        action="Set the clock (`timedatectl set-ntp true`): certificates and licences are judged by it.",
    ),
    Diagnosis(
        code="local.tool-missing",
        scope=Scope.HOST,
        failures=(F.TOOL_MISSING,),
        title="A tool is not installed",
        explanation="Something this host may need for its firewall is not there.",
        action="Install it if this host's firewall is made with it; otherwise nothing is lost.",
        severity=Severity.WARNING,
    ),
)
