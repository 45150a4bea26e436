"""One question by TCP, when what fits no datagram meets a resolver that misbehaves there too."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

import dns.flags
import dns.message
import dns.rdatatype
import pytest

from nimnetcheck.model import Failure
from nimnetcheck.net import drive, monotonic
from nimnetcheck.probe.question import Answer, ask

if TYPE_CHECKING:
    from tests.probe.conftest import Answerer, Bench

LOOPBACK = ip_address("127.0.0.1")


def truncated(by_tcp: bytes | None) -> Answerer:
    """Truncated by UDP; by TCP what is given, behind the question's id."""

    def answer(query: dns.message.Message, transport: str) -> bytes | None:
        if transport == "tcp":
            return by_tcp if by_tcp is None else query.id.to_bytes(2, "big") + by_tcp
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.TC
        return reply.to_wire()

    return answer


def question(bench: Bench, answer: Answerer) -> Answer:
    port = bench.name_server(answer).port
    return drive(ask("usage.example", dns.rdatatype.A, (LOOPBACK, port), monotonic() + 0.5), 5.0)


@pytest.mark.parametrize(
    ("by_tcp", "failure"), [(None, Failure.DNS_TIMEOUT), (b"junk", Failure.DNS_MALFORMED), (b"", Failure.DNS_MALFORMED)]
)
def test_trouble_behind_a_truncated_answer(bench: Bench, by_tcp: bytes | None, failure: Failure) -> None:
    answer = question(bench, truncated(by_tcp))
    assert answer.failure is failure
    assert answer.evidence["truncated"] is True


def test_a_chain_of_names_without_end_is_malformed(bench: Bench) -> None:
    def endless(query: dns.message.Message, _: str) -> bytes:
        reply = dns.message.make_response(query)
        reply.answer.append(dns.rrset.from_text("usage.example.", 60, "IN", "CNAME", "edge.example."))
        reply.answer.append(dns.rrset.from_text("edge.example.", 60, "IN", "CNAME", "usage.example."))
        return reply.to_wire()

    assert question(bench, endless).failure is Failure.DNS_MALFORMED


def test_names_in_an_answer_cannot_steer_a_terminal(bench: Bench) -> None:
    def hostile(query: dns.message.Message, _: str) -> bytes:
        reply = dns.message.make_response(query)
        reply.answer.append(dns.rrset.from_text("usage.example.", 60, "IN", "CNAME", "\\027[2Jevil.example."))
        return reply.to_wire()

    answer = question(bench, hostile)
    assert "evil" in str(answer.evidence["cnames"])
    assert str(answer.evidence["cnames"]).isprintable()
