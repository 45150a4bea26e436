"""What answers of resolvers mean."""

from __future__ import annotations

from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Failure, Scope

F = Failure

ENTRIES: tuple[Diagnosis, ...] = (
    Diagnosis(
        code="dns.nxdomain",
        failures=(F.DNS_NXDOMAIN,),
        title="The resolver says that the name does not exist",
        explanation="The name exists in public DNS, so this resolver filters it or serves its own view of the zone.",
        action="Ask the resolver's owner to let the name through, or resolve at the forward proxy.",
    ),
    Diagnosis(
        code="dns.nodata",
        failures=(F.DNS_NO_DATA,),
        title="The resolver knows the name but gives no address",
        explanation="The answer holds neither an A nor an AAAA record.",
        action="Compare with another resolver: `dig NAME A`; a filter that strips answers looks like this.",
    ),
    Diagnosis(
        code="dns.servfail",
        failures=(F.DNS_SERVFAIL,),
        title="The resolver failed to answer (SERVFAIL)",
        explanation="It could not reach the zone's servers, or the answer failed DNSSEC validation.",
        action="Try `dig +cd NAME`: an answer there means that DNSSEC validation fails on the resolver.",
    ),
    Diagnosis(
        code="dns.refused",
        failures=(F.DNS_REFUSED,),
        title="The resolver refuses this host's questions",
        explanation="It answered REFUSED: its access list does not include this host, or it is not a resolver.",
        action="Correct /etc/resolv.conf, or have this host added to the resolver's access list.",
    ),
    Diagnosis(
        code="dns.filtered",
        failures=(F.DNS_TIMEOUT,),
        title="No resolver answered",
        explanation="Every question went unanswered, as when a firewall drops port 53, or the resolver is down.",
        action="Check the addresses in /etc/resolv.conf and that port 53 is open to them, UDP and TCP.",
    ),
    Diagnosis(
        code="dns.malformed",
        failures=(F.DNS_MALFORMED,),
        title="What answered the resolver's address is not DNS",
        explanation="The answer could not be read as a DNS message.",
        action="Check that the addresses in /etc/resolv.conf are resolvers.",
    ),
    Diagnosis(
        code="dns.no-config",
        scope=Scope.HOST,
        failures=(F.DNS_NO_RESOLVER,),
        title="This host has no resolver configured",
        explanation="/etc/resolv.conf names no nameserver.",
        action="Configure a resolver, or pin addresses with --resolve HOST:PORT:ADDR.",
    ),
)
