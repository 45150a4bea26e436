"""What this host's own firewall means, and the connections that it keeps track of."""

from __future__ import annotations

from nimnetcheck.diagnosis.conditions import own_host
from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Confidence, Failure, Scope, Severity

F = Failure
RULES = (
    "`nimnetcheck trace` names the rule and the smallest change that opens the way. To open all endpoints at once, "
    "load what `nimnetcheck rules nftables --mode insert` (or iptables, firewalld) writes."
)
LOOK = ("nft list ruleset", "iptables -S OUTPUT", "ip6tables -S OUTPUT")

ENTRIES: tuple[Diagnosis, ...] = (
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
)
