"""What ICMP messages from the way mean: the errno folds several into one, the message behind it does not."""

from __future__ import annotations

from nimnetcheck.diagnosis.conditions import icmp
from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Confidence, Failure

F = Failure
SENDER = "Show the sender's address to the network team and ask them to allow TCP to {targets}."
ROUTE = "Show the sender's address to the network team: a route is missing there, or it is a polite reject."

ENTRIES: tuple[Diagnosis, ...] = (
    Diagnosis(
        code="tcp.loop",
        failures=(F.NET_UNREACHABLE,),
        when=icmp.says((4, 11, 0), (6, 3, 0)),
        proof=icmp.circle,
        title="Packets go in a circle",
        explanation="A packet with a full hop limit ran out of it: two routers hand it to each other.",
        action="Show the two routers to the network team: each has the other as its way to {targets}.",
        confidence=Confidence.CERTAIN,
        settle="tracepath -n {address}",
    ),
    Diagnosis(
        code="icmp.host-prohibited",
        failures=(F.ADMIN_PROHIBITED,),
        when=icmp.says((4, 3, 10)),
        proof=icmp.hop,
        title="A firewall on the way says: host prohibited",
        explanation="ICMP 3/10 came back: how firewalld and older iptables rule sets reject what they do not allow.",
        action=SENDER,
        confidence=Confidence.CERTAIN,
    ),
    Diagnosis(
        code="icmp.net-prohibited",
        failures=(F.ADMIN_PROHIBITED,),
        when=icmp.says((4, 3, 9)),
        proof=icmp.hop,
        title="A firewall on the way says: network prohibited",
        explanation="ICMP 3/9 came back; a rule rejects the whole network that the address is in.",
        action=SENDER,
        confidence=Confidence.CERTAIN,
    ),
    Diagnosis(
        code="icmp.admin-prohibited",
        failures=(F.ADMIN_PROHIBITED,),
        proof=icmp.hop,
        title="A firewall on the way says: prohibited",
        explanation="An ICMP message 'administratively prohibited' came back; its sender is in the evidence.",
        action=SENDER,
        confidence=Confidence.CERTAIN,
    ),
    Diagnosis(
        code="icmp.net-unreach",
        failures=(F.NET_UNREACHABLE,),
        proof=icmp.hop,
        title="A router on the way has no route to the network",
        explanation="An ICMP message 'network unreachable' came back; its sender is in the evidence.",
        action=ROUTE,
    ),
    Diagnosis(
        code="icmp.host-unreach",
        failures=(F.HOST_UNREACHABLE,),
        proof=icmp.hop,
        title="A router on the way has no path to the address",
        explanation="An ICMP message 'host unreachable' came back: the last router finds nobody at the address.",
        action=ROUTE,
    ),
    Diagnosis(
        code="icmp.proto-unreach",
        failures=(F.PORT_UNREACHABLE,),
        when=icmp.says((4, 3, 2)),
        proof=icmp.hop,
        title="A firewall on the way rejects TCP",
        explanation=(
            "An ICMP message 'protocol unreachable' answered a TCP connection; only a firewall's reject does that."
        ),
        action=SENDER,
        confidence=Confidence.CERTAIN,
    ),
    Diagnosis(
        code="icmp.port-unreach",
        failures=(F.PORT_UNREACHABLE,),
        proof=icmp.hop,
        title="A firewall on the way rejects the port",
        explanation=(
            "An ICMP message 'port unreachable' answered a TCP connection; only a firewall's reject does that. To "
            "every program it looks like a closed port (ECONNREFUSED)."
        ),
        action=SENDER,
        confidence=Confidence.CERTAIN,
    ),
)
