"""Where the time went: phases in their order, on one scale for each subject."""

from __future__ import annotations

import pytest

from nimnetcheck.model import Failure, Rung
from nimnetcheck.report.waterfall import Bar, milliseconds, waterfalls
from tests.report.seen import looked_up, report, saw


def test_a_row_has_its_look_up_and_its_rungs_from_the_begin_of_the_subject() -> None:
    four = saw(Rung.DNS, address=None, started_s=1.0, elapsed_s=0.1, evidence={"type": "A"})
    six = saw(Rung.DNS, address=None, started_s=1.0, elapsed_s=0.3, evidence={"type": "AAAA"})
    tcp = saw(Rung.TCP, started_s=1.3, elapsed_s=0.02)
    tls = saw(Rung.TLS, Failure.TLS_RESET, started_s=1.32, elapsed_s=0.04)
    (fall,) = waterfalls(report([four, six, tcp, tls]))
    (row,) = fall.rows
    assert [(bar.phase, round(bar.start_s, 2), bar.length_s) for bar in row.bars] == [
        ("DNS", 0.0, 0.1),
        ("TCP", 0.3, 0.02),
        ("TLS", 0.32, 0.04),
    ]
    assert (row.failure, fall.broken, fall.phases) == ("tls reset", True, ("DNS", "TCP", "TLS"))
    assert round(fall.span_s, 2) == round(row.total_s, 2) == 0.36


def test_those_that_failed_come_first() -> None:
    good, bad = saw(Rung.TCP, address="192.0.2.1"), saw(Rung.TCP, Failure.TCP_RESET, address="192.0.2.2")
    (fall,) = waterfalls(report([good, bad]))
    assert [row.label for row in fall.rows] == ["192.0.2.2:443", "192.0.2.1:443"]


def test_waiting_for_an_answer_is_a_phase_of_its_own() -> None:
    (fall,) = waterfalls(report([saw(Rung.HTTP, elapsed_s=0.5, evidence={"wait_ms": 250})]))
    assert fall.rows[0].bars == (
        Bar(phase="HTTP", start_s=0.0, length_s=0.25),
        Bar(phase="wait", start_s=0.25, length_s=0.25),
    )


@pytest.mark.parametrize("wait", [None, "x", 0, -1, 501.0])
def test_a_wait_that_cannot_be_is_not_drawn(wait: object) -> None:
    (fall,) = waterfalls(report([saw(Rung.HTTP, elapsed_s=0.5, evidence={"wait_ms": wait})]))
    assert fall.phases == ("HTTP",)


def test_a_name_without_addresses_shows_its_look_ups() -> None:
    (fall,) = waterfalls(report([saw(Rung.DNS, Failure.DNS_TIMEOUT, address=None), saw(Rung.TCP, skipped=True)]))
    assert [row.label for row in fall.rows] == ["DNS product.connect.nginx.com"]


def test_controls_and_what_was_not_tried_take_no_time() -> None:
    assert waterfalls(report([saw(Rung.TCP, skipped=True), saw(Rung.PATH, control=True), looked_up()]))[0].phases == (
        "DNS",
    )


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.0004, "0.4 ms"), (0.012, "12 ms"), (0.9994, "999 ms"), (2.1, "2.10 s")]
)
def test_times_are_written_as_people_say_them(seconds: float, words: str) -> None:
    assert milliseconds(seconds) == words
