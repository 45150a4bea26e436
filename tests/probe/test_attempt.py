"""What rungs share: options that hold, the clock of a run, and text that cannot steer a terminal."""

from __future__ import annotations

import errno
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.failures import Icmp, LateError, WireError
from nimnetcheck.model import Failure, Outcome, Rung, Target, World
from nimnetcheck.probe.attempt import Attempt, Options, Setup, printable, wire_evidence

if TYPE_CHECKING:
    from nimnetcheck.model import Endpoint

TARGET = Target(address=ip_address("192.0.2.1"), port=443)


def test_an_operation_tells_what_when_and_how_long(endpoint: Endpoint) -> None:
    attempt = Attempt(endpoint=endpoint, setup=Setup(world=World(), options=Options(timeout_s=2.0)), target=TARGET)
    operation = attempt.begin(Rung.TCP, "TCP")
    assert operation.until_s == operation.since_s + 2.0
    held = operation.passed({"rtt_ms": 1})
    assert (held.subject, held.outcome, held.target, held.failure) == ("usage", Outcome.PASSED, TARGET, None)
    assert held.elapsed_s >= 0
    assert held.started_s >= 0
    assert operation.broken(LateError({"retransmits": 2})).failure is Failure.TCP_TIMEOUT


def test_a_rung_needs_the_one_below_it(endpoint: Endpoint) -> None:
    attempt = Attempt(endpoint=endpoint, setup=Setup(world=World(), options=Options()), target=TARGET)
    with pytest.raises(RuntimeError):
        assert attempt.connection


def test_evidence_of_the_wire() -> None:
    icmp = Icmp(version=4, type=3, code=13, sender=ip_address("198.51.100.1"))
    assert wire_evidence(WireError(errno.EHOSTUNREACH, "no", icmp=icmp)) == {
        "errno": errno.EHOSTUNREACH,
        "icmp": {"version": 4, "type": 3, "code": 13, "sender": "198.51.100.1"},
    }
    assert wire_evidence(LateError({"retransmits": 2})) == {"retransmits": 2}
    assert wire_evidence(EOFError()) == {}


@pytest.mark.parametrize("text", ["a\x1b[2Jb", "a\r\nb", "a\x00b", "a\u202eb", b"a\xff\xfe\x9bb"])
def test_printable_text_has_no_control_characters(text: str | bytes) -> None:
    shown = printable(text)
    assert shown.startswith("a")
    assert shown.endswith("b")
    assert shown.isprintable()


def test_printable_text_is_bounded() -> None:
    assert len(printable("x" * 10_000)) == 300
