"""What it means that a name does not resolve."""

from __future__ import annotations

from nimnetcheck.diagnosis.conditions import names
from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Confidence, Failure, Scope

F = Failure
# Whoever leads a name elsewhere for one type of record gives whatever answer for the other.
TAKEN_OVER = ("dns.sinkhole", "dns.hijack-public", "dns.injected", "dns.port53-intercepted")

ENTRIES: tuple[Diagnosis, ...] = (
    Diagnosis(
        code="dns.no-config",
        scope=Scope.HOST,
        failures=(F.DNS_NO_RESOLVER,),
        title="This host has no resolver configured",
        explanation="/etc/resolv.conf names no nameserver.",
        action="Configure a resolver, or pin addresses with --resolve HOST:PORT:ADDR.",
        confidence=Confidence.CERTAIN,
    ),
    Diagnosis(
        code="dns.aaaa-stall",
        failures=(F.DNS_TIMEOUT,),
        when=names.stalls_aaaa,
        title="Questions for IPv6 addresses get no answer",
        explanation=(
            "The A record comes and the AAAA question is dropped. Programs that ask for both wait many seconds each "
            "time, and may give up."
        ),
        action="Ask the resolver's owner, or the firewall's, to answer AAAA questions, be it with nothing.",
        settle="dig {host} AAAA",
    ),
    Diagnosis(
        code="dns.tcp53-blocked",
        failures=(F.DNS_TIMEOUT, F.DNS_MALFORMED),
        when=names.lacks_tcp,
        title="The resolver's large answers do not arrive",
        explanation="The answer is too long for a datagram and must be fetched by TCP, and TCP port 53 is shut.",
        action="Open TCP port 53 to the resolver, beside UDP.",
        settle="dig +tcp {host} A",
    ),
    Diagnosis(
        code="dns.udp53-blocked",
        failures=(F.DNS_TIMEOUT,),
        when=names.lacks_udp,
        title="The resolver answers by TCP, and not by UDP",
        explanation="Questions in datagrams go unanswered; the same question by TCP is answered.",
        action="Open UDP port 53 to the resolver, and the way back from it.",
        settle="dig +notcp {host} A",
    ),
    Diagnosis(
        code="dns.split-view",
        failures=(F.DNS_NXDOMAIN, F.DNS_NO_DATA, F.DNS_SERVFAIL, F.DNS_REFUSED),
        when=names.another_resolver_knows,
        title="The resolvers of this host disagree",
        explanation="The one that is asked first does not know the name; another one of /etc/resolv.conf does.",
        action="Have the first resolver forward {host} to the internet, or put the other one first.",
        alternatives=("`dns.nxdomain`: the first resolver filters the name on purpose.",),
        commands=("cat /etc/resolv.conf",),
    ),
    Diagnosis(
        code="dns.dnssec-bogus",
        failures=(F.DNS_SERVFAIL,),
        when=names.is_bogus,
        title="The resolver has an answer, and its DNSSEC validation refuses it",
        explanation=(
            "Without validation the name resolves. Mostly something between the resolver and the internet rewrites or "
            "strips answers, or the resolver's clock or trust anchor is wrong."
        ),
        action="Ask the resolver's owner to look at its validation: clock, root trust anchor, and its forwarders.",
        settle="dig +cd {host} A",
        confidence=Confidence.CERTAIN,
    ),
    Diagnosis(
        code="dns.notimp",
        hidden_by=TAKEN_OVER,
        failures=(F.DNS_SERVFAIL,),
        when=names.is_not_implemented,
        title="The resolver does not do what is asked (NOTIMP)",
        explanation="It answered that it has not implemented this; it is no full resolver, or a filter answers for it.",
        action="Correct /etc/resolv.conf: what stands there must resolve names of the internet.",
    ),
    Diagnosis(
        code="dns.formerr",
        hidden_by=TAKEN_OVER,
        failures=(F.DNS_SERVFAIL,),
        when=names.is_format_error,
        title="The resolver says that it cannot read the question (FORMERR)",
        explanation="A plain question is refused as malformed; programs see this as if the name did not exist.",
        action="Look at what answers at the resolver's address: mostly a small device with a broken forwarder.",
    ),
    Diagnosis(
        code="dns.nxdomain",
        hidden_by=TAKEN_OVER,
        failures=(F.DNS_NXDOMAIN,),
        title="The resolver says that the name does not exist",
        explanation="The name exists in public DNS, so this resolver filters it or serves its own view of the zone.",
        action="Ask the resolver's owner to let {host} through, or resolve at the forward proxy.",
        settle="dig {host} A @9.9.9.9",
        commands=("dig {host} A",),
    ),
    Diagnosis(
        code="dns.nodata",
        hidden_by=TAKEN_OVER,
        failures=(F.DNS_NO_DATA,),
        title="The resolver knows the name but gives no address",
        explanation="The answer holds neither an A nor an AAAA record: a filter that strips answers looks like this.",
        action="Ask the resolver's owner to let {host} through.",
        settle="dig {host} A @9.9.9.9",
        commands=("dig {host} A",),
    ),
    Diagnosis(
        code="dns.servfail",
        hidden_by=TAKEN_OVER,
        failures=(F.DNS_SERVFAIL,),
        title="The resolver failed to answer (SERVFAIL)",
        explanation="It could not reach the servers of the zone, or what they said was of no use to it.",
        action="Ask the resolver's owner whether it resolves names of the internet at all, and by which forwarder.",
        alternatives=("`dns.dnssec-bogus`: its validation refuses the answer.",),
        settle="dig +cd {host} A",
    ),
    Diagnosis(
        code="dns.refused",
        hidden_by=TAKEN_OVER,
        failures=(F.DNS_REFUSED,),
        title="The resolver refuses this host's questions",
        explanation="It answered REFUSED: its access list does not include this host, or it is not a resolver.",
        action="Correct /etc/resolv.conf, or have this host added to the resolver's access list.",
        confidence=Confidence.CERTAIN,
    ),
    Diagnosis(
        code="dns.resolver-dead",
        failures=(F.DNS_TIMEOUT,),
        when=names.is_dead,
        title="Nothing serves at the resolver's address",
        explanation="Its host answered that the port is closed: the resolver is down, or the address is another's.",
        action="Start the resolver, or correct the addresses in /etc/resolv.conf.",
        alternatives=("A firewall rejects with ICMP 'port unreachable' in its place.",),
        commands=("cat /etc/resolv.conf", "ss -lun sport = :53"),
    ),
    Diagnosis(
        code="dns.rejected",
        failures=(F.ADMIN_PROHIBITED, F.BLOCKED_LOCALLY),
        when=names.is_question,
        title="A firewall rejects questions to the resolver",
        explanation="ICMP 'administratively prohibited' answered a question; its sender is in the evidence.",
        action="Allow UDP and TCP port 53 from this host to the resolver.",
        confidence=Confidence.CERTAIN,
    ),
    Diagnosis(
        code="dns.filtered",
        failures=(F.DNS_TIMEOUT,),
        title="No resolver answered",
        explanation="Every question went unanswered, as when a firewall drops port 53, or the resolver is down.",
        action="Check the addresses in /etc/resolv.conf and that port 53 is open to them, UDP and TCP.",
        alternatives=("`dns.resolver-dead`: the resolver's host is off, and nobody is left to say so.",),
        commands=("cat /etc/resolv.conf",),
    ),
    Diagnosis(
        code="dns.malformed",
        failures=(F.DNS_MALFORMED,),
        title="What answered the resolver's address is not DNS",
        explanation="The answer could not be read as a DNS message.",
        action="Check that the addresses in /etc/resolv.conf are resolvers.",
    ),
)
