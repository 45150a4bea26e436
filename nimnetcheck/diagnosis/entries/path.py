"""What hangs and ends mean behind a connection that came up: packets too large, flows cut, resets, somebody else."""

from __future__ import annotations

from nimnetcheck.diagnosis.conditions import amounts, flows, handshakes, idle
from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Confidence, Failure, Rung

F = Failure
CLAMP = (
    "nft add rule inet filter forward tcp flags syn tcp option maxseg size set rt mtu",
    "ip link set dev DEVICE mtu 1400",
)
MTU = (
    "Have ICMP 'fragmentation needed' (IPv6: 'packet too big') let through, or segments clamped on the tunnel or "
    "firewall; on this host a smaller MTU, or `net.ipv4.tcp_mtu_probing=1`, helps at once."
)

ENTRIES: tuple[Diagnosis, ...] = (
    Diagnosis(
        code="tcp.accepts-everything",
        failures=(F.TLS_TIMEOUT, F.TLS_RESET, F.TLS_CLOSED),
        when=flows.everywhere,
        proof=flows.hop,
        title="Something near accepts every connection, wherever it is meant to go",
        explanation=(
            "Any address and any port connects, and already at a hop that is not the host's: a transparent proxy, a "
            "zero-trust client or a SYN proxy answers. That a connection comes up proves nothing here."
        ),
        action="Ask whoever runs it to let {targets} through untouched.",
        confidence=Confidence.CERTAIN,
    ),
    Diagnosis(
        code="tcp.intercepted",
        failures=(F.TLS_TIMEOUT, F.TLS_RESET, F.TLS_CLOSED),
        when=flows.near,
        proof=flows.hop,
        title="Somebody else takes the connection",
        explanation=(
            "It comes up at a hop that is not the host's own: a transparent proxy or a zero-trust client answers in "
            "its place, and does not get through to it."
        ),
        action="Ask whoever runs it to let {targets} through untouched.",
        confidence=Confidence.CERTAIN,
    ),
    Diagnosis(
        code="path.throttled",
        failures=(F.UPLOAD_STALLED, F.HTTP_TIMEOUT, F.TLS_TIMEOUT),
        passed=(Rung.PATH,),
        when=amounts.throttled,
        proof=amounts.pace,
        title="Octets get through, but only so many a second",
        explanation=(
            "What was sent is acknowledged little by little, for as long as one looks, while new connections come up "
            "at once: something on the way limits how much may pass in a second. Handshakes and small requests get "
            "through; a report takes as long as the evidence says, and whoever sends it may give up before."
        ),
        action="Ask the network team for the rate limit (policing, shaping, QoS class) towards {targets}.",
        alternatives=("A link that is overloaded: then it is better at other times of the day.",),
        settle="ss -tino dst {address}    (while a report is sent: `retrans`, `rtt`, `bytes_acked`)",
        hidden_by=("tcp.loss",),
    ),
    Diagnosis(
        code="mtu.blackhole-in",
        failures=(F.TLS_TIMEOUT, F.HTTP_TIMEOUT),
        when=flows.lost_inwards,
        proof=flows.sizes,
        title="Large packets are lost on their way to this host",
        explanation=(
            "All that this host sent was acknowledged, nothing came back, and with smaller segments it works: a link "
            "on the way is narrower than its ends know, and the ICMP that would say so is dropped (a path-MTU black "
            "hole)."
        ),
        action=MTU,
        confidence=Confidence.CERTAIN,
        settle="tracepath -n {address}",
        commands=CLAMP,
    ),
    Diagnosis(
        code="mtu.blackhole-out",
        failures=(F.UPLOAD_STALLED, F.HTTP_TIMEOUT, F.TLS_TIMEOUT),
        when=flows.lost_outwards,
        proof=flows.sizes,
        title="Large packets from this host are lost on the way",
        explanation=(
            "Small requests are answered, full segments are never acknowledged, and smaller ones are: a link on the "
            "way is narrower than this host knows, and the ICMP that would say so is dropped. Reports hang; handshakes "
            "do not."
        ),
        action=MTU,
        confidence=Confidence.CERTAIN,
        settle="tracepath -n {address}",
        commands=CLAMP,
    ),
    Diagnosis(
        code="flow.killed-after-n-bytes",
        failures=(F.UPLOAD_STALLED, F.HTTP_TIMEOUT),
        when=flows.cut,
        proof=flows.sizes,
        title="The flow is cut after some bytes",
        explanation=(
            "Small requests are answered; a larger one stops being acknowledged, and smaller segments change nothing. "
            "Something on the way ends flows by their size: a quota, data-loss prevention or an inspecting firewall."
        ),
        action="Ask the network team what limits the size of uploads to {targets}: reports are larger than that.",
        alternatives=("`path.throttled`, to so little that nothing was acknowledged while it was looked at.",),
    ),
    Diagnosis(
        code="path.idle-kill",
        passed=(Rung.PATH,),
        when=idle.is_forgotten,
        proof=idle.fate,
        title="A connection that is silent for a while is forgotten on the way",
        explanation=(
            "A request on it was answered; after a silence the next one is not, or a RST ends it, while a new "
            "connection is answered at once. A firewall, NAT or load balancer, or this host's own rules, keep "
            "connections for less time than that. Whoever keeps one open between two reports loses it: the next "
            "report fails, or hangs for long."
        ),
        action=(
            "Have the session time-out of the firewall towards {targets} (on Linux "
            "`net.netfilter.nf_conntrack_tcp_timeout_established`) raised above the pause between reports, or "
            "send TCP keep-alives more often than it forgets: the command does so for programs that ask for them "
            "(SO_KEEPALIVE); those that set their own pace need it set there."
        ),
        alternatives=(
            "The server, or a load balancer before it, ends silent connections with a RST, or without a word.",
            "It was restarted meanwhile: then it does not happen again.",
        ),
        settle="nimnetcheck diagnose --idle 60    (then 300, 900, 3600: the least at which it happens is the time-out)",
        commands=("sysctl -w net.ipv4.tcp_keepalive_time=60 net.ipv4.tcp_keepalive_intvl=15",),
    ),
    Diagnosis(
        code="server.stalled",
        failures=(F.TLS_TIMEOUT,),
        when=flows.stalled,
        proof=flows.sizes,
        title="What took the connection says nothing",
        explanation=(
            "The whole ClientHello was acknowledged and nothing came back; smaller segments change nothing, so it is "
            "not the size of packets. The server hangs, or something in front of it holds the handshake back."
        ),
        action="Try again later; if it stays so, ask for the log of whatever terminates or inspects TLS at {targets}.",
        alternatives=("A filter that lets the ClientHello through and drops the answer.",),
    ),
    Diagnosis(
        code="upload.stalled",
        failures=(F.UPLOAD_STALLED,),
        proof=flows.sizes,
        title="A larger request gets no answer",
        explanation="Small requests are answered; one of several full segments is not.",
        action="Run `nimnetcheck diagnose`: it tries again with smaller segments, which tells what it is.",
        alternatives=("`mtu.blackhole-out`", "`flow.killed-after-n-bytes`", "`path.throttled`"),
    ),
    Diagnosis(
        code="tcp.reset",
        always=(F.TCP_RESET,),
        failures=(F.TLS_RESET,),
        when=handshakes.ended_unspoken_to,
        title="The connection is reset",
        explanation=(
            "The connection comes up and is torn down by a RST, whatever is said over it: one that says nothing ends "
            "alike. A load balancer without a server behind it does so, and so does a filter that knows the address."
        ),
        action="Look for an intrusion prevention system or a filter by address between here and {targets}.",
        settle="nc -nv {address} {port}",
    ),
)
