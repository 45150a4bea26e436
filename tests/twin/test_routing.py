"""Routes and routing rules are written as they were, or known to be missing: never as others."""

from __future__ import annotations

from nimnetcheck.twin.routing import rule_lines

OWN = (
    {"priority": 0, "src": "all", "table": "local"},
    {"priority": 32766, "src": "all", "table": "main"},
    {"priority": 32767, "src": "all", "table": "default", "protocol": "kernel"},
)


def test_the_kernels_own_rules_are_left_out_and_others_at_their_places_are_not() -> None:
    other = {"priority": 32766, "src": "all", "iif": "lo", "table": "main"}
    assert [line.text for line in rule_lines([*OWN, other])] == ["rule add priority 32766 from all iif lo table main"]


def test_a_rule_that_is_not_understood_is_not_written_as_another() -> None:
    hostile = {"priority": "1\n" + "x" * 100, "src": "all", "table": "100"}
    realm = {"priority": 97, "src": "all", "table": "100", "flow_from": "4"}
    lines = list(rule_lines([hostile, realm]))
    assert [line.text for line in lines] == ["", ""]
    assert [line.what for line in lines] == ["of priority '1\\nxxxxxxxxxxxxxxxx", "of priority 97 with 'flow_from'"]
