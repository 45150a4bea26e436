"""What a kernel did, those alike in one line."""

from __future__ import annotations

import attrs
import pytest

from nimnetcheck.model import Failure, Observation, Outcome, Rung
from nimnetcheck.report.flows import draw, fold, summed
from nimnetcheck.report.style import Style

RULE = {"text": "-A X -j DROP", "number": 1, "family": "ip", "table": "filter", "chain": "X"}
JUMP = {**RULE, "chain": "OUTPUT", "text": "-A OUTPUT -j X"}


def seen(flow: str, kernel: str, detail: str = "", **evidence: object) -> Observation:
    return Observation(
        subject="usage",
        rung=Rung.PATH,
        title=flow,
        outcome=Outcome.PASSED if kernel == "accept" else Outcome.FAILED,
        failure=None if kernel == "accept" else Failure.BLOCKED_LOCALLY,
        detail=detail,
        evidence={"flow": flow, "kernel": kernel, **evidence},
    )


OBSERVATIONS = (
    seen("tcp:192.0.2.0:443", "accept"),
    seen("tcp:192.0.2.1:443", "accept"),
    seen("tcp:[2001:db8::1]:443", "accept"),
    seen(
        "udp:192.0.2.53:53",
        "drop",
        "drop by X",
        rule=RULE,
        path=[{**RULE, "chain": "OUTPUT", "text": "-A OUTPUT -j X"}],
    ),
    seen("udp:192.0.2.54:53", "drop", "drop by Y"),
)


def test_flows_that_share_a_cause_are_one_line_and_the_blocked_come_first() -> None:
    folded = [(one.evidence["kernel"], summed(flows)) for one, flows in fold(OBSERVATIONS)]
    assert folded == [
        ("drop", "udp 53: 192.0.2.53"),
        ("drop", "udp 53: 192.0.2.54"),
        ("accept", "tcp 443: 192.0.2.0/31, 2001:db8::1"),
    ]


def test_a_flow_that_two_endpoints_need_is_told_once() -> None:
    assert [len(flows) for _, flows in fold((OBSERVATIONS[0], OBSERVATIONS[0]))] == [1]


def test_the_rule_and_the_way_to_it_stand_below() -> None:
    lines = "\n".join(draw(OBSERVATIONS, Style()))
    assert "rule: -A X -j DROP" in lines
    assert "reached by rule 1 of ip filter OUTPUT: -A OUTPUT -j X" in lines


def test_an_error_that_does_not_come_in_is_a_warning_and_its_look_alike_a_failure() -> None:
    words = [
        draw([seen("icmp-error:192.0.2.1:443", "drop", leg=leg)], Style())[2].split()[0] for leg in ("error", "reply")
    ]
    assert words == ["WARN", "FAIL"]


def test_where_no_kernel_was_asked_nothing_is_told() -> None:
    other = Observation(subject="host", rung=Rung.HOST, title="Clock", outcome=Outcome.PASSED)
    assert draw([other], Style()) == []


def test_words_of_a_ruleset_reach_no_terminal_as_they_are() -> None:
    hostile = seen("udp:192.0.2.53:53", "drop", "x", rule={**RULE, "text": "drop \x1b[2J"}, path=[])
    assert not any("\x1b" in line for line in draw([hostile], Style()))


@pytest.mark.parametrize("flow", ["", "tcp", "tcp:x:443", ":::"])
def test_what_a_saved_report_calls_a_flow_and_is_none_is_left_out(flow: str) -> None:
    seen = attrs.evolve(OBSERVATIONS[0], evidence={"kernel": "drop", "flow": flow, "path": ["x", {}]})
    assert fold((seen,)) == []


def test_a_verdict_that_no_kernel_gives_reaches_no_screen() -> None:
    flow = OBSERVATIONS[0].evidence["flow"]
    seen = attrs.evolve(OBSERVATIONS[0], evidence={"kernel": "\x1b[2J", "flow": flow, "path": [{}, 7]})
    assert not any("\x1b" in line for line in draw((seen,), Style()))
