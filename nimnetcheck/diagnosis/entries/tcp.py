"""What failed connections mean: silence, resets, and ICMP from the way."""

from __future__ import annotations

from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Failure

F = Failure

ENTRIES: tuple[Diagnosis, ...] = (
    Diagnosis(
        code="tcp.drop-path",
        failures=(F.TCP_TIMEOUT,),
        title="Connection attempts go unanswered",
        explanation=(
            "No SYN-ACK, no RST and no ICMP came back. That is what a firewall that drops looks like, on the way out "
            "or on the way back. A drop by this host's own rules is as silent to a TCP socket."
        ),
        action=(
            "Look at this host first (`nft list ruleset`, `iptables -S`, `ip6tables -S`; `nimnetcheck rules` writes "
            "what opens it), then ask the network team to allow TCP to {targets}."
        ),
        alternatives=(
            "`local.fw-drop`: this host's own firewall drops, which is as silent to a TCP socket.",
            "The answers are dropped on their way back: no one can tell that from here.",
            "Nothing is up at the address: then other addresses of the same service answer.",
        ),
        settle="tcptraceroute -n {address} {port}",
    ),
    Diagnosis(
        code="tcp.refused",
        failures=(F.TCP_REFUSED,),
        title="The connection is refused",
        explanation="A RST came back: nothing listens there, or a firewall rejects with a RST.",
        action="Look for a reject rule between here and {targets}: the vendor's hosts listen on this port.",
    ),
    Diagnosis(
        code="tcp.reset",
        failures=(F.TCP_RESET,),
        title="The connection is reset",
        explanation="The connection came up and was then torn down by a RST.",
        action="Look for an intrusion prevention system or a filter by name between here and {targets}.",
    ),
    Diagnosis(
        code="icmp.admin-prohibited",
        failures=(F.ADMIN_PROHIBITED,),
        title="A firewall on the way says: prohibited",
        explanation="An ICMP message 'administratively prohibited' came back; its sender is in the evidence.",
        action="Show the sender's address to the network team and ask them to allow TCP to {targets}.",
    ),
    Diagnosis(
        code="icmp.host-unreach",
        failures=(F.HOST_UNREACHABLE, F.NET_UNREACHABLE),
        title="A router on the way has no path to the address",
        explanation="An ICMP message 'unreachable' came back, or the next hop does not answer.",
        action="Show the sender's address to the network team: a route is missing there, or it is a polite reject.",
    ),
    Diagnosis(
        code="icmp.port-unreach",
        failures=(F.PORT_UNREACHABLE,),
        title="A firewall on the way rejects the port",
        explanation="An ICMP message 'port unreachable' answered a TCP connection; only a firewall's reject does that.",
        action="Show the sender's address to the network team and ask them to allow TCP to {targets}.",
    ),
)
