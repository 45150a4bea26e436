"""What failures mean: one entry for each, with the words for a person and what to do about it.

Codes are public and never renamed: the same in JSON, documents, tests and logs. `{subjects}` and `{targets}` are filled
in when an entry applies.
"""

from __future__ import annotations

import attrs

from nimnetcheck.model import Failure, Severity

F = Failure


@attrs.frozen(kw_only=True)
class Diagnosis:
    """An entry that gives failures a meaning."""

    code: str
    failures: tuple[Failure, ...]
    title: str
    explanation: str
    action: str
    severity: Severity = Severity.ERROR


DIAGNOSES: tuple[Diagnosis, ...] = (
    Diagnosis(
        code="local.no-route",
        failures=(F.NO_ROUTE,),
        title="This host has no route to the address",
        explanation="The kernel refused at once: no route covers the address, so nothing was sent.",
        action="Look at `ip route get ADDRESS`; add a default route, or use the forward proxy that this network needs.",
    ),
    Diagnosis(
        code="local.fw-drop",
        failures=(F.BLOCKED_LOCALLY,),
        title="This host's own firewall stops the packet",
        explanation=(
            "A rule of this host drops or rejects it before it leaves: the kernel refused the send (EPERM), or the "
            "ICMP that came back has this host as its sender."
        ),
        action="Load what `nimnetcheck rules nftables --mode insert` (or iptables, firewalld) writes.",
    ),
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
        failures=(F.DNS_NO_RESOLVER,),
        title="This host has no resolver configured",
        explanation="/etc/resolv.conf names no nameserver.",
        action="Configure a resolver, or pin addresses with --resolve HOST:PORT:ADDR.",
    ),
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
    Diagnosis(
        code="proxy.auth-required",
        failures=(F.PROXY_AUTH_REQUIRED,),
        title="The proxy wants credentials",
        explanation="CONNECT was answered with 407.",
        action="Set proxy_username and proxy_password in nms.conf, or have the proxy let this host through without.",
    ),
    Diagnosis(
        code="proxy.denied-host",
        failures=(F.PROXY_DENIED,),
        title="The proxy does not allow the destination",
        explanation="CONNECT was answered with 403.",
        action="Ask the proxy's owner to allow CONNECT to {subjects} on port 443.",
    ),
    Diagnosis(
        code="proxy.upstream",
        failures=(F.PROXY_UPSTREAM_FAILED,),
        title="The proxy cannot reach the destination",
        explanation="CONNECT was answered with a gateway error: the block is behind the proxy.",
        action="Ask the proxy's owner to test the way from the proxy to {subjects}.",
    ),
    Diagnosis(
        code="proxy.not-a-proxy",
        failures=(F.PROXY_NOT_A_PROXY,),
        title="What answers at the proxy's address is not an HTTP proxy",
        explanation="CONNECT was not understood.",
        action="Check proxy_host, proxy_port and proxy_protocol.",
    ),
    Diagnosis(
        code="tls.stalled",
        failures=(F.TLS_TIMEOUT,),
        title="The TLS handshake gets no answer",
        explanation="TCP connects, then silence: a filter by name, a path-MTU black hole or a stalled server.",
        action="Ask for the log of whatever inspects TLS between here and {targets}.",
    ),
    Diagnosis(
        code="tls.intercepted-untrusted",
        failures=(F.TLS_UNTRUSTED,),
        title="The certificate is not issued by an authority that this host trusts",
        explanation="Either TLS is inspected on the way (see the issuer), or this host's trust store is old.",
        action="Exempt {subjects} from TLS inspection; the product accepts public certificates only.",
    ),
    Diagnosis(
        code="tls.expired",
        failures=(F.TLS_EXPIRED,),
        title="The certificate has expired",
        explanation="Its validity ended before this host's present time.",
        action="Check this host's clock first; then whose certificate it is.",
    ),
    Diagnosis(
        code="tls.not-yet-valid",
        failures=(F.TLS_NOT_YET_VALID,),
        title="The certificate is not valid yet",
        explanation="Its validity begins after this host's present time, so the clock is probably behind.",
        action="Set the clock (`timedatectl`, chrony) and try again.",
    ),
    Diagnosis(
        code="tls.wrong-host",
        failures=(F.TLS_WRONG_HOST,),
        title="The certificate is for another name",
        explanation="Something else answers for this name: a portal, a redirecting resolver or an intercepting proxy.",
        action="Compare the names in the evidence with {subjects}, and the address with another resolver's answer.",
    ),
    Diagnosis(
        code="tls.not-tls",
        failures=(F.TLS_NOT_TLS,),
        title="What answers does not speak TLS",
        explanation="The first bytes that came back are no TLS record.",
        action="Look at the first bytes in the evidence: they usually name what answered.",
    ),
    Diagnosis(
        code="tls.alert",
        failures=(F.TLS_ALERT,),
        title="The server refuses the handshake",
        explanation="It answered with a TLS alert; the path is open up to whatever sent it.",
        action="See the alert in the evidence. On product-s a certificate may be required: then the path is open.",
        severity=Severity.WARNING,
    ),
    Diagnosis(
        code="tls.reset",
        failures=(F.TLS_RESET,),
        title="The connection is reset in the handshake",
        explanation="TCP connects, and the ClientHello is answered with a RST, as filters by name do.",
        action="Ask for {subjects} to be allowed by name (SNI) on the firewall that inspects TLS.",
    ),
    Diagnosis(
        code="tls.eof",
        failures=(F.TLS_CLOSED,),
        title="The connection is closed in the handshake",
        explanation="TCP connects, and the ClientHello is answered with an orderly close.",
        action="Ask for {subjects} to be allowed by name (SNI); a load balancer without a backend looks the same.",
    ),
    Diagnosis(
        code="http.disconnect",
        failures=(F.HTTP_CLOSED, F.HTTP_TIMEOUT, F.HTTP_NOT_HTTP),
        title="The request got no HTTP answer",
        explanation="TLS was established with the right host, and the request was then not answered.",
        action="Try again; if it stays so, ask for the log of whatever inspects HTTPS on the way.",
    ),
    Diagnosis(
        code="http.redirect-offsite",
        failures=(F.HTTP_REDIRECT_OFF_SITE,),
        title="The request is sent on to another host",
        explanation="The answer redirects to a host that is not the vendor's, as a portal does.",
        action="Look at the location in the evidence; sign this host in or exempt it from the portal.",
    ),
    Diagnosis(
        code="http.block-page",
        failures=(F.HTTP_BLOCK_PAGE,),
        title="A filter answers in the vendor's place",
        explanation="The answer is a block page; the product that made it is in the evidence.",
        action="Ask the filter's owner to allow {subjects}.",
    ),
    Diagnosis(
        code="http.status",
        failures=(F.HTTP_STATUS,),
        title="An unexpected HTTP status",
        explanation="The answer's status is not one that this request should get.",
        action="See the status and the body in the evidence.",
        severity=Severity.WARNING,
    ),
    Diagnosis(
        code="jwt.unreadable",
        failures=(F.LICENCE_UNREADABLE,),
        title="The licence file cannot be read",
        explanation="The system refused to open it.",
        action="Check the path, the owner and the mode; with SELinux also the label (`ls -Z`).",
    ),
    Diagnosis(
        code="jwt.malformed",
        failures=(F.LICENCE_MALFORMED, F.LICENCE_WRONG_ISSUER),
        title="The licence file is not an F5 subscription token",
        explanation="It is not a JWT of three parts, or not one that F5 issued for subscriptions.",
        action="Download the JWT of the subscription from MyF5 again and use it unchanged.",
    ),
    Diagnosis(
        code="jwt.whitespace",
        failures=(F.LICENCE_STRAY_WHITESPACE,),
        title="The licence file holds stray bytes around the token",
        explanation="A byte-order mark, spaces or line ends stand around it; NGINX Plus refuses such a file.",
        action='Write it again without them: `tr -d "[:space:]" < FILE > FILE.new`.',
        severity=Severity.WARNING,
    ),
    Diagnosis(
        code="jwt.expired",
        failures=(F.LICENCE_EXPIRED,),
        title="The subscription has ended",
        explanation="The end of the subscription in the licence lies in the past.",
        action="Renew it and install the new licence; NGINX Plus has 90 days of grace.",
    ),
    Diagnosis(
        code="jwt.near-expiry",
        failures=(F.LICENCE_NEAR_EXPIRY,),
        title="The subscription ends within 30 days",
        explanation="The end of the subscription in the licence is near.",
        action="Renew it, and see that every host gets the new licence.",
        severity=Severity.WARNING,
    ),
    Diagnosis(
        code="local.bad-clock",
        failures=(F.CLOCK_WRONG,),
        title="This host's clock is wrong",
        explanation="It disagrees with the time that the other side gave, or lies before this release was made.",
        action="Set the clock (`timedatectl set-ntp true`): certificates and licences are judged by it.",
    ),
    Diagnosis(
        code="local.tool-missing",
        failures=(F.TOOL_MISSING,),
        title="A tool is not installed",
        explanation="Something this host may need for its firewall is not there.",
        action="Install it if this host's firewall is made with it; otherwise nothing is lost.",
        severity=Severity.WARNING,
    ),
    Diagnosis(
        code="auth.rejected",
        failures=(F.SUBMIT_UNAUTHORIZED,),
        title="The credentials are refused",
        explanation="The path is open and the right host answered: 401 or 403 is about the licence or the login.",
        action="Check that the licence is this subscription's, unexpired and without stray bytes.",
    ),
    Diagnosis(
        code="submit.rejected",
        failures=(F.SUBMIT_REFUSED, F.SUBMIT_UNEXPECTED_ANSWER),
        title="The submission is refused",
        explanation="The answer is not the one that the documented contract gives for success.",
        action="See request and answer of the step; 413 means too large, 429 too often.",
    ),
    Diagnosis(
        code="submit.accepted-not-processed",
        failures=(F.SUBMIT_INCOMPLETE, F.SUBMIT_TIMEOUT),
        title="The submission was taken but not processed",
        explanation="The upload was accepted; its records did not all come through, or not in time.",
        action="Ask for the status again later; send the same report once more only if it failed for good.",
    ),
    Diagnosis(
        code="run.deadline",
        failures=(F.DEADLINE,),
        title="The run ended before this was finished",
        explanation="The total deadline ran out.",
        action="Give it more time with --deadline.",
    ),
    Diagnosis(
        code="unknown",
        failures=(F.UNKNOWN,),
        title="Something failed in a way that has no name yet",
        explanation="What the machine said is in the evidence.",
        action="Report it, with the JSON of this run.",
    ),
)

BY_FAILURE = {failure: entry for entry in DIAGNOSES for failure in entry.failures}
