"""Fixes of random rulesets: each flow asked for opens, no other flow changes, and all of it can be taken back."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin.ask import ask
from nimnetcheck.twin.capture.value import Capture, Save, Source, Variant
from nimnetcheck.twin.fix.change import BLOCKED
from nimnetcheck.twin.fix.prove import SHELL, prove
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.wire import Command, Question
from tests.twin import rulesets

pytestmark = [pytest.mark.kernel, pytest.mark.slow]
FLOWS = tuple(map(parse, rulesets.FLOWS))
SETS = "create bad hash:net family inet\nadd bad 192.0.2.2\nadd bad 198.51.100.0/28\n"
EXAMPLES = int(os.environ.get("NIMNETCHECK_EXAMPLES", "70"))
bounded = settings(max_examples=EXAMPLES // 7, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
asked = st.sets(st.sampled_from(FLOWS), min_size=1, max_size=4)


def check(capture: Capture, wanted: set[object]) -> None:
    question = Question(capture=capture, flows=FLOWS)
    before = {judged.flow: judged for judged in ask(question).judged}
    proof = prove(question, [before[flow] for flow in FLOWS if flow in wanted], ask)
    assert proof.left == ()
    assert proof.undone is bool(proof.changes)
    trials = tuple((Command(words=SHELL, text="\n".join(change.trial) + "\n"),) for change in proof.changes)
    after = ask(Question(capture=capture, flows=FLOWS, trials=trials)).rounds[-1].judged
    for one in after:
        expected = KernelVerdict.ACCEPT if one.flow in wanted else before[one.flow].verdict
        assert (one.verdict in BLOCKED) is (expected in BLOCKED), f"{one.flow}: {one.verdict}, not {expected}"


@bounded
@given(rulesets.nft(), asked)
def test_a_random_ruleset_of_nft_is_opened_for_what_was_asked(text: str, wanted: set[object]) -> None:
    check(Capture(nft=Source(file="rules.nft", text=text)), wanted)


@bounded
@given(rulesets.iptables(), st.sampled_from(Variant), asked)
def test_a_random_save_of_iptables_is_opened_for_what_was_asked(
    text: str, variant: Variant, wanted: set[object]
) -> None:
    save = Save(variant=variant, version=4, source=Source(file="rules.v4", text=text))
    check(Capture(saves=(save,), ipset=Source(file="ipset", text=SETS)), wanted)
