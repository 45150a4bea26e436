"""What silence and refusals mean: whose they are, to whom else, and how often."""

from __future__ import annotations

from nimnetcheck.diagnosis.conditions import options, silence, ways
from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Confidence, Failure, Rung, Severity

F = Failure
ASK = "Ask the network team to allow TCP to {targets}; `nimnetcheck rules` writes what opens it."
OPTION = "`tcp.option-mangled`, which cannot be told apart without root: `sudo nimnetcheck diagnose`."

ENTRIES: tuple[Diagnosis, ...] = (
    Diagnosis(
        code="tcp.option-mangled",
        failures=(F.TCP_TIMEOUT,),
        when=options.mangled,
        proof=options.disliked,
        title="A TCP option keeps connection attempts from being answered",
        explanation=(
            "A SYN with all the options that Linux sends is lost, and the same with fewer is answered: something on "
            "the way, mostly an old firewall or a load balancer, drops or spoils what it does not know."
        ),
        action=(
            "Ask the network team which device normalises or filters TCP options towards {targets}. Where the evidence "
            "names timestamps, `sysctl -w net.ipv4.tcp_timestamps=0` on this host helps at once; for sack it is "
            "`net.ipv4.tcp_sack`, for window `net.ipv4.tcp_window_scaling`."
        ),
        confidence=Confidence.CERTAIN,
        settle="tcpdump -nvi any host {address} and 'tcp[tcpflags] & tcp-syn != 0'    (beside the firewall)",
    ),
    Diagnosis(
        code="tcp.rate-limited",
        failures=(F.TCP_TIMEOUT, F.TCP_REFUSED, F.TCP_RESET),
        passed=(Rung.TCP,),
        when=silence.rationed,
        proof=silence.odds,
        title="Only so many connections at a time get through",
        explanation="Of connections made at once the first come up and the rest do not; with pauses all of them do.",
        action="Ask the network team for the limit on new connections (SYN flood protection) towards {targets}.",
        severity=Severity.WARNING,
    ),
    Diagnosis(
        code="tcp.loss",
        failures=(F.TCP_TIMEOUT,),
        passed=(Rung.TCP,),
        when=silence.lossy,
        proof=silence.odds,
        title="Packets get lost on the way",
        explanation="The same connection comes up or goes unanswered by chance, and SYNs had to be sent again.",
        action="Show the odds to the network team; a link that is overloaded or faulty looks like this.",
        settle="mtr -n --tcp -P {port} {address}",
        severity=Severity.WARNING,
    ),
    Diagnosis(
        code="ip6.broken",
        failures=(F.TCP_TIMEOUT, F.NET_UNREACHABLE, F.HOST_UNREACHABLE),
        when=silence.only_ipv6,
        proof=ways.lost,
        title="IPv6 is configured and does not work",
        explanation=(
            "The name has IPv6 addresses and this host has an IPv6 route, but nothing comes back over it, while IPv4 "
            "works. Programs that try IPv6 first wait or fail."
        ),
        action="Have the IPv6 way to {targets} opened, or take the IPv6 default route away from this host.",
        settle="tracepath -6 -n {address}",
    ),
    Diagnosis(
        code="tcp.no-egress",
        failures=(F.TCP_TIMEOUT,),
        when=silence.no_egress,
        proof=ways.lost,
        title="Nothing reaches the internet from here",
        explanation=(
            "Packets to F5, to another port, and to two ports of somebody else are all lost at the same place: this is "
            "not about F5. A network that lets nobody out directly looks like this; then a forward proxy is the way."
        ),
        action="Ask the network team for the forward proxy, and set it (`proxy_config` in nms.conf); or for egress.",
        alternatives=(
            "Something lets out ports that were not tried, and F5's is not one of them: see `tcp.drop-path`.",
            OPTION,
        ),
        settle="tracepath -n {address}",
    ),
    Diagnosis(
        code="tcp.partial-addresses",
        failures=(F.TCP_TIMEOUT,),
        when=silence.some_addresses,
        proof=ways.lost,
        title="Some of the name's addresses are blocked",
        explanation=(
            "Other addresses of the same name take connections, so whether a report arrives depends on which address "
            "the resolver gives first. Allow-lists that hold only some of the addresses look like this."
        ),
        action="Ask the network team to allow all addresses of the name; {targets} is missing.",
        alternatives=("Nothing is up at this one address.",),
        settle="tcptraceroute -n {address} {port}",
    ),
    Diagnosis(
        code="tcp.drop-return",
        failures=(F.TCP_TIMEOUT,),
        when=silence.at_the_far_end,
        proof=ways.lost,
        title="Packets get as far as the host's own network, and nothing comes back",
        explanation=(
            "The last router before the host passed them on. From there on it cannot be told from here whether they "
            "are dropped in front of the host or the answers are dropped on their way back."
        ),
        action="Ask the network team whether answers (SYN-ACK) from {targets} are let in; otherwise ask F5.",
        confidence=Confidence.POSSIBLE,
        alternatives=(
            "`tcp.drop-path`: the last router, or something behind it, drops them on the way there.",
            "`local.fw-reply`: this host's own firewall drops the answers. As root, `diagnose` tells the two apart.",
            "Answers come back another way, past a firewall that did not see the SYN (asymmetric routing).",
            OPTION,
        ),
        settle="tcpdump -ni any host {address} and tcp port {port}    (on the outermost firewall)",
    ),
    Diagnosis(
        code="tcp.drop-path",
        failures=(F.TCP_TIMEOUT,),
        proof=ways.lost,
        title="Connection attempts go unanswered",
        explanation=(
            "The SYN left this host, and no SYN-ACK, no RST and no ICMP came back. That is what a firewall that drops "
            "looks like; a walk, where the evidence has one, says after which router."
        ),
        action=ASK,
        alternatives=(
            "The answers are dropped on their way back: no one can tell that from here.",
            OPTION,
            "Nothing is up at the address: then other addresses of the same service answer.",
        ),
        settle="tcptraceroute -n {address} {port}",
    ),
    Diagnosis(
        code="tcp.rst-by-middlebox",
        failures=(F.TCP_REFUSED,),
        when=silence.refused_on_the_way,
        proof=ways.lost,
        title="Something on the way refuses in the host's name",
        explanation="The RST comes from a hop that passes packets to another port on: a firewall rejects with a RST.",
        action=ASK,
        confidence=Confidence.CERTAIN,
    ),
    Diagnosis(
        code="tcp.refused",
        failures=(F.TCP_REFUSED,),
        proof=ways.lost,
        title="The connection is refused",
        explanation="A RST came back: nothing listens there, or a firewall rejects with a RST.",
        action="Look for a reject rule between here and {targets}: the vendor's hosts listen on this port.",
        settle="tcptraceroute -n {address} {port}",
    ),
)
