"""Messages on the wire: a second answer behind the first, and replies made to hurt."""

from __future__ import annotations

import struct
from ipaddress import ip_address
from typing import TYPE_CHECKING

import dns.message
import dns.rdatatype
import pytest

from nimnetcheck.model import Failure
from nimnetcheck.net import drive, monotonic
from nimnetcheck.probe.question import Answer, Manner, ask

if TYPE_CHECKING:
    from tests.probe.conftest import Answerer, Bench, Zone

HOST = "usage.example"
LOOPBACK = ip_address("127.0.0.1")
TCP = Manner(transport="tcp")


def silent(_: dns.message.Message, __: str) -> None:
    """Say nothing."""


def question(bench: Bench, answer: Answerer, manner: Manner, seconds: float = 1.0, later: Answerer = silent) -> Answer:
    port = bench.name_server(answer, later).port
    return drive(ask(HOST, dns.rdatatype.A, (LOOPBACK, port), monotonic() + seconds, manner), 10.0)


@pytest.mark.parametrize(
    ("linger_s", "later", "second"),
    [(0.3, "192.0.2.1", [["192.0.2.1"]]), (0.3, "192.0.2.66", None), (0.0, "192.0.2.1", None)],
    ids=["another answer", "the same again", "nobody waits"],
)
def test_a_second_answer_that_differs_is_kept(
    bench: Bench, zone: Zone, linger_s: float, later: str, second: object
) -> None:
    injected, true = zone({(HOST, "A"): ("192.0.2.66",)}), zone({(HOST, "A"): (later,)})
    answer = question(bench, injected, Manner(linger_s=linger_s), later=true)
    assert answer.addresses == (ip_address("192.0.2.66"),)
    assert answer.evidence.get("second_answers") == second


def test_by_tcp_from_the_start(bench: Bench, zone: Zone) -> None:
    server = bench.name_server(zone({(HOST, "A"): ("192.0.2.1",)}))
    asked = ask(HOST, dns.rdatatype.A, (LOOPBACK, server.port), monotonic() + 1, Manner(transport="tcp"))
    assert drive(asked, 5.0).addresses == (ip_address("192.0.2.1"),)
    assert server.asked == ["tcp"]


def test_ten_thousand_records_are_bounded(bench: Bench) -> None:
    def flood(query: dns.message.Message, _: str) -> bytes:
        head = query.id.to_bytes(2, "big") + struct.pack("!HHHHH", 0x8180, 1, 10_000, 0, 0)
        record = struct.pack("!HHHIH", 0xC00C, 1, 1, 60, 4)
        records = b"".join(record + struct.pack("!I", 0xC0000200 + n) for n in range(4000))
        return head + query.to_wire()[12:] + records

    answer = question(bench, flood, Manner(transport="tcp"), 5.0)
    assert answer.failure is Failure.DNS_MALFORMED  # 10,000 records are promised, and no message has room for them
    whole = question(
        bench, lambda query, way: flood(query, way).replace(struct.pack("!H", 10_000), b"\x0f\xa0", 1), TCP
    )
    assert len(whole.addresses) == 64


@pytest.mark.parametrize(
    "tail",
    [b"\xc0\x0c", b"\xc0\x0e\xc0\x0c", b"\xc0\xff", b"\x3f" + b"a" * 10, b"\x80\x01"],
    ids=["points at itself", "two point at each other", "points outside", "label cut off", "reserved label type"],
)
@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_names_that_go_in_circles_are_malformed(bench: Bench, tail: bytes, transport: str) -> None:
    def loop(query: dns.message.Message, _: str) -> bytes:
        return query.id.to_bytes(2, "big") + struct.pack("!HHHHH", 0x8180, 1, 1, 0, 0) + tail + b"\x00\x01\x00\x01"

    answer = question(bench, loop, Manner(transport=transport), 0.3)
    assert answer.failure is Failure.DNS_MALFORMED
    assert answer.detail.isprintable()
