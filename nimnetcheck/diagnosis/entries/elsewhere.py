"""What answers of resolvers mean that lead to somebody else."""

from __future__ import annotations

from nimnetcheck.diagnosis.conditions import names, port53
from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Confidence, Failure, Rung, Scope

F = Failure
UNREACHED = (F.TCP_TIMEOUT, F.TCP_REFUSED, F.TCP_RESET, F.NO_ROUTE, F.NET_UNREACHABLE, F.HOST_UNREACHABLE)
REFUSED_ON_THE_WAY = (F.PORT_UNREACHABLE, F.ADMIN_PROHIBITED, F.BLOCKED_LOCALLY)
NO_HANDSHAKE = (F.TLS_TIMEOUT, F.TLS_RESET, F.TLS_CLOSED, F.TLS_ALERT, F.TLS_VERSION, F.TLS_MALFORMED)
NOT_THE_VENDOR = (*UNREACHED, *REFUSED_ON_THE_WAY, *NO_HANDSHAKE, *names.SOMEBODY_ELSE)
ANSWERED = (F.DNS_NXDOMAIN, F.DNS_NO_DATA, F.DNS_SERVFAIL, F.DNS_REFUSED)
NEGATIVE = (*ANSWERED, F.DNS_TIMEOUT, F.DNS_MALFORMED)

ENTRIES: tuple[Diagnosis, ...] = (
    Diagnosis(
        code="dns.injected",
        scope=Scope.TARGET,
        failures=(*NOT_THE_VENDOR, *NEGATIVE),
        when=names.is_injected,
        title="Somebody on the way answers in the resolver's place",
        explanation="One question got two answers that differ: the first, which programs take, is not the resolver's.",
        action="Ask for {host} to be left alone by whatever filters DNS between this host and its resolver.",
        alternatives=("`dns.sinkhole`: the resolver itself gives the address, and the second answer is a retry's.",),
        settle="dig +tcp {host} A",
    ),
    Diagnosis(
        code="dns.search-or-hosts-override",
        passed=(Rung.DNS,),
        failures=NEGATIVE,
        when=names.is_overridden,
        title="Programs of this host get another address than its resolvers give",
        explanation=(
            "The hosts file names the host, or a suffix of the search list makes another name of it that is answered. "
            "The product connects to that address, whatever the resolver says."
        ),
        action="Remove the line of {host} from /etc/hosts; with a search list, lower `ndots` or remove the wildcard.",
        settle="getent ahosts {host}",
        commands=("grep -n {host} /etc/hosts", "grep -E 'search|ndots' /etc/resolv.conf"),
    ),
    Diagnosis(
        code="dns.port53-intercepted",
        scope=Scope.TARGET,
        failures=(*NOT_THE_VENDOR, *ANSWERED),
        when=port53.is_intercepted,
        proof=port53.proof,
        title="Somebody nearer than the resolver answers what goes to port 53",
        explanation=(
            "A question that cannot have got as far as the resolver is answered, and so is one to a host far away: a "
            "router on the way answers whatever goes to port 53, whoever is asked. Another resolver in "
            "/etc/resolv.conf changes nothing."
        ),
        action=(
            "Ask whoever runs the router in the evidence, or what stands before it, to let UDP and TCP port 53 through "
            "to the resolver, or to answer for {host} as public DNS does."
        ),
        alternatives=(
            "Whoever takes the questions passes them on to the resolver, and the answer is the resolver's own.",
            "A rule of this host's own (NAT in its OUTPUT) takes the questions, before they leave.",
        ),
        settle="dig {host} A @192.0.2.1",
        commands=("cat /etc/resolv.conf", "nft list ruleset"),
    ),
    Diagnosis(
        code="dns.sinkhole",
        scope=Scope.TARGET,
        failures=NOT_THE_VENDOR,
        when=names.leads_to_sinkhole,
        title="The resolver gives an address that no public name has",
        explanation=(
            "A private, loopback or unspecified address stands in the answer, and the vendor's host does not answer "
            "there: a DNS filter blocks the name in this way, or an internal zone hides it."
        ),
        action="Ask the resolver's owner to let {host} through its filter.",
        alternatives=("An internal relay for that name is meant to be there, and is down.",),
        settle="dig {host} A @9.9.9.9",
        commands=("dig {host} A",),
    ),
    Diagnosis(
        code="dns.hijack-public",
        scope=Scope.TARGET,
        failures=names.SOMEBODY_ELSE,
        when=names.is_hijacked,
        title="The resolver leads to somebody else",
        explanation=(
            "The address is not one that the vendor publishes, or only some of this host's resolvers give it, and what "
            "answers there does not have the vendor's certificate."
        ),
        action="Ask the resolver's owner why {host} leads to {address}.",
        alternatives=("`tls.intercepted-untrusted`: the address is right, and TLS is inspected on the way to it.",),
        settle="dig {host} A @9.9.9.9",
    ),
    Diagnosis(
        code="rules.gap",
        failures=UNREACHED[:2],
        passed=(Rung.HTTP,),
        when=names.leads_elsewhere,
        title="The name leads to an address that the vendor does not publish",
        explanation=(
            "Firewall rules made from the published addresses do not open it. Where the vendor's certificate answers "
            "there, the service has moved; where nothing answers, such rules are the likely reason."
        ),
        action="Let the rules follow the name (`nimnetcheck refresh`), or use a forward proxy that allows {host}.",
        alternatives=("`dns.hijack-public`: the resolver leads to somebody else.",),
        settle="dig {host} A @9.9.9.9",
        confidence=Confidence.POSSIBLE,
    ),
)
