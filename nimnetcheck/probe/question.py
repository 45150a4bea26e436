"""One question to one resolver, and what its answer means."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

import attrs
import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype

from nimnetcheck.failures import classify, words
from nimnetcheck.model import Failure, Rung
from nimnetcheck.net import Steps, monotonic
from nimnetcheck.probe.attempt import printable, wire_evidence
from nimnetcheck.probe.dns_transport import Ignored, by_tcp, by_udp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nimnetcheck.model import Address
    from nimnetcheck.probe.dns_transport import Resolver

MAX_ADDRESSES = 64
MAX_ERRORS = 8
PAYLOAD = 1232  # DNS Flag Day 2020: what passes everywhere unfragmented
RCODES: Mapping[int, Failure] = {
    dns.rcode.NXDOMAIN: Failure.DNS_NXDOMAIN,
    dns.rcode.SERVFAIL: Failure.DNS_SERVFAIL,
    dns.rcode.REFUSED: Failure.DNS_REFUSED,
}


@attrs.frozen(kw_only=True)
class Manner:
    """How a question is put. The defaults are the C library's; each other value is one thing changed.

    `linger_s` keeps the socket open after the first answer, for a second one that differs.
    """

    transport: str = "udp"
    edns: bool = False
    unchecked: bool = False
    linger_s: float = 0.0


@attrs.frozen(kw_only=True)
class Answer:
    """What one resolver said: the addresses, or why there are none."""

    failure: Failure | None = None
    detail: str = ""
    addresses: tuple[Address, ...] = ()
    evidence: Mapping[str, object] = attrs.field(factory=dict)


PLAIN = Manner()


def ask(
    host: str, kind: dns.rdatatype.RdataType, resolver: Resolver, until: float, manner: Manner = PLAIN
) -> Steps[Answer]:
    """One question to one resolver: by UDP, again on loss, and by TCP where the answer does not fit."""
    since_s = monotonic()
    query = _query(host, kind, manner)
    evidence: dict[str, object] = {"resolver": f"{resolver[0]} port {resolver[1]}"}
    ignored = Ignored()
    try:
        if manner.transport == "tcp":
            responses: tuple[dns.message.Message, ...] = ((yield from by_tcp(query, resolver, until)),)
        else:
            responses = yield from by_udp(query, resolver, until, ignored, manner.linger_s)
            if responses[0].flags & dns.flags.TC:
                evidence["truncated"] = True
                responses = ((yield from by_tcp(query, resolver, until)),)
    except (OSError, EOFError, dns.exception.DNSException) as error:
        evidence.update(wire_evidence(error))
        failure = _failure(error, ignored)
        detail = ": ".join(part for part in (str(resolver[0]), printable(words(error))) if part)
        return Answer(failure=failure, detail=detail, evidence={**evidence, **ignored.evidence()})
    evidence["rtt_ms"] = round((monotonic() - since_s) * 1000, 3)
    answer, *others = (_read(response, str(resolver[0])) for response in responses)
    return attrs.evolve(
        answer, evidence={**evidence, **answer.evidence, **ignored.evidence(), **_differing(answer, others)}
    )


def _query(host: str, kind: dns.rdatatype.RdataType, manner: Manner) -> dns.message.Message:
    """With a random id, and without EDNS: as the C library asks, unless another manner is wanted."""
    query = dns.message.make_query(host, kind)
    if manner.edns or manner.unchecked:
        query.use_edns(0, payload=PAYLOAD)
    if manner.unchecked:
        query.flags |= dns.flags.CD
    return query


def _failure(error: Exception, ignored: Ignored) -> Failure:
    if isinstance(error, dns.exception.DNSException) or ignored.malformed:
        return Failure.DNS_MALFORMED
    return Failure.DNS_TIMEOUT if isinstance(error, EOFError) else classify(error, Rung.DNS)


def _differing(first: Answer, others: Sequence[Answer]) -> dict[str, object]:
    """What came after the first answer and says something else."""
    said = [(answer.failure, answer.addresses) for answer in (first, *others)]
    second = [
        [str(address) for address in answer.addresses] or str(answer.failure)
        for index, answer in enumerate(others, start=1)
        if said[index] not in said[:index]
    ]
    return {"second_answers": second} if second else {}


def _read(response: dns.message.Message, resolver: str) -> Answer:
    """An answer's meaning: its addresses with the chain of names that led to them; pure."""
    rcode = response.rcode()
    evidence: dict[str, object] = {"rcode": dns.rcode.to_text(rcode), **_marks(response)}
    if rcode not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        failure = RCODES.get(rcode, Failure.DNS_SERVFAIL)
        return Answer(failure=failure, detail=f"{resolver} answered {evidence['rcode']}", evidence=evidence)
    try:
        chain = response.resolve_chaining()  # type: ignore[attr-defined]  # of QueryMessage, which from_wire makes
    except dns.exception.DNSException as error:
        return Answer(failure=Failure.DNS_MALFORMED, detail=printable(str(error)), evidence=evidence)
    evidence["cnames"] = [
        printable(record.target.to_text(omit_final_dot=True)) for rrset in chain.cnames for record in rrset
    ]
    if rcode == dns.rcode.NXDOMAIN:
        return Answer(failure=Failure.DNS_NXDOMAIN, detail=f"{resolver} answered NXDOMAIN", evidence=evidence)
    if chain.answer is None:
        return Answer(failure=Failure.DNS_NO_DATA, detail=f"{resolver} knows no such record", evidence=evidence)
    evidence["ttl_s"] = chain.minimum_ttl
    # Resolvers rotate their answers; reports of two runs should not differ for that.
    addresses = sorted({ip_address(record.address) for record in chain.answer if hasattr(record, "address")})
    return Answer(addresses=tuple(addresses[:MAX_ADDRESSES]), evidence=evidence)


def _marks(response: dns.message.Message) -> dict[str, object]:
    """What stands beside an answer: who vouches for a negative one, and RFC 8914's reasons for a failure."""
    zones = [rrset.name for rrset in response.authority[:MAX_ADDRESSES] if rrset.rdtype == dns.rdatatype.SOA]
    errors = [option for option in response.options if isinstance(option, dns.edns.EDEOption)]
    marks: dict[str, object] = {}
    if zones:
        marks["soa"] = printable(zones[0].to_text())
    if errors:
        marks["ede"] = [{"code": int(one.code), "text": printable(one.text or "")} for one in errors[:MAX_ERRORS]]
    return marks
