"""Over random rulesets the twin's verdicts are the oracle's, and the rule that it names is the one that decides.

A few hundred rulesets here; NIMNETCHECK_EXAMPLES=5000 asks for more.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.kernel.namespace import ENVIRONMENT
from tests.twin import rulesets

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.kernel, pytest.mark.slow]
ROOT = Path(__file__).parents[2]
EXAMPLES = int(os.environ.get("NIMNETCHECK_EXAMPLES", "70"))
BLOCKED = ("drop", "reject")
FLOWS_4 = tuple(flow for flow in rulesets.FLOWS if "[" not in flow)


class Kernel:
    """The two judges, in a process that lasts for a test."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.twin.agreeing"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=ENVIRONMENT,
        )

    def ask(self, kind: str, text: str, flows: tuple[str, ...], *, alone: bool = False) -> Any:  # noqa: ANN401 (JSON)
        """Both answers, or the twin's `alone`."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"kind": kind, "text": text, "flows": flows, "alone": alone}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"the judges ended:\n{text}"
        return json.loads(line)


@pytest.fixture(scope="module")
def judges() -> Iterator[Kernel]:
    """One process for all examples."""
    asked = Kernel()
    try:
        yield asked
    finally:
        asked.process.communicate()


def agree(judges: Kernel, kind: str, text: str, flows: tuple[str, ...]) -> list[dict[str, Any]]:
    """Both say the same of every flow; the twin's judgements."""
    answer = judges.ask(kind, text, flows)
    said = {flow: one["verdict"] for flow, one in zip(flows, answer["twin"])}
    meant = dict(zip(flows, answer["oracle"]))
    wrong = {flow: one for flow, one in zip(flows, answer["twin"]) if (said[flow] == "accept") is not meant[flow]}
    assert not wrong, f"{wrong}\n{text}"
    assert "not judged" not in said.values(), text
    judged: list[dict[str, Any]] = answer["twin"]
    return judged


def peel(judges: Kernel, kind: str, text: str, flow: str) -> None:
    """Take away the rule that is named until the flow passes: each time it is another one, and at last none."""
    lines = text.split("\n")
    for _ in range(len(lines)):
        (one,) = agree(judges, kind, "\n".join(lines), (flow,))
        if one["verdict"] not in BLOCKED:
            return
        at = one["line"] - 1
        opened = lines[at].replace("policy drop", "policy accept").replace(" DROP ", " ACCEPT ")
        is_policy = "policy drop" in lines[at] or lines[at].startswith(":")
        lines[at] = opened if is_policy else ""
    raise AssertionError(f"{flow} is still blocked with every named rule gone:\n{text}")


def check(judges: Kernel, kind: str, text: str, flows: tuple[str, ...], data: st.DataObject) -> None:
    """Agreement on all flows, and the named rule of one of them."""
    judged = agree(judges, kind, text, flows)
    blocked = [flow for flow, one in zip(flows, judged) if one["verdict"] in BLOCKED]
    if blocked:
        peel(judges, kind, text, data.draw(st.sampled_from(blocked)))


shown = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@shown
@given(text=rulesets.nft(), data=st.data())
def test_nft(judges: Kernel, text: str, data: st.DataObject) -> None:
    check(judges, "nft", text, rulesets.FLOWS, data)


@shown
@given(text=rulesets.iptables(), data=st.data())
def test_iptables_nft(judges: Kernel, text: str, data: st.DataObject) -> None:
    check(judges, "iptables-nft", text, FLOWS_4, data)


@shown
@given(text=rulesets.iptables(), data=st.data())
def test_iptables_legacy(judges: Kernel, text: str, data: st.DataObject) -> None:
    check(judges, "iptables-legacy", text, FLOWS_4, data)


@pytest.mark.parametrize("kind", ["nft", "iptables-nft", "iptables-legacy"])
def test_a_rule_that_blocks_and_is_not_taken_lets_nothing_pass(judges: Kernel, kind: str) -> None:
    """However the text is cut into lines."""

    @shown
    @given(text=rulesets.nft() if kind == "nft" else rulesets.iptables(), data=st.data())
    def holds(text: str, data: st.DataObject) -> None:
        flows = rulesets.FLOWS if kind == "nft" else FLOWS_4
        judged = agree(judges, kind, text, flows)
        for flow, one in zip(flows, judged):
            if one["verdict"] in BLOCKED and one["line"]:
                spoilt = data.draw(rulesets.spoilt(text, one["line"]))
                answer = judges.ask(kind, spoilt, (flow,), alone=True)
                assert "twin" not in answer or answer["twin"][0]["verdict"] != "accept", spoilt
                return

    holds()


def test_a_wrong_verdict_would_be_noticed(judges: Kernel) -> None:
    """The oracle is another copy: it does not take the twin's word."""
    drop = "table inet x {\n chain o {\n  type filter hook output priority 0;\n  ip daddr 192.0.2.1 drop\n }\n}\n"
    flows = ("tcp:192.0.2.1:443", "tcp:192.0.2.2:443")
    assert judges.ask("nft", drop, flows)["oracle"] == [False, True]
    assert judges.ask("nft", drop.replace("ip daddr 192.0.2.1 ", ""), flows)["oracle"] == [False, False]
