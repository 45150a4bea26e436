"""This host's firewall in one observation."""

from __future__ import annotations

import json
import subprocess
import sys
from ipaddress import ip_address

import pytest

from nimnetcheck.model import Failure, KernelVerdict, Observation, Outcome, Rung, Target
from nimnetcheck.twin.answer import Firewall, Judged, Leg, Rule
from nimnetcheck.twin.capture.parts import Facts, assemble
from nimnetcheck.twin.capture.value import Source
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.own_firewall import again, concluded, observe
from nimnetcheck.twin.verdict import NO_ROUTE
from tests.kernel.namespace import ENVIRONMENT, ROOT

FLOW = parse("tcp:192.0.2.1:443")
RULE = Rule(firewall=Firewall.NFTABLES, family="inet", table="t", chain="o", number=1, text="drop")
DROP = Judged(flow=FLOW, verdict=KernelVerdict.DROP, leg=Leg.REQUEST, rule=RULE)
ACCEPT = Judged(flow=FLOW, verdict=KernelVerdict.ACCEPT)
UNSURE = Judged(flow=FLOW, verdict=KernelVerdict.NOT_JUDGED, because="a rule is missing")
UNROUTED = Judged(flow=FLOW, verdict=KernelVerdict.NOT_JUDGED, because=NO_ROUTE)
# As root of a namespace that has a firewall and a way out of its own.
INSIDE = """
import json, subprocess
from ipaddress import ip_address
from nimnetcheck.model import Observation, Outcome, Rung, Target
from nimnetcheck.twin.own_firewall import observe
from nimnetcheck.run import Run
for command in ("link set lo up", "link add eth0 type veth peer name far", "link set eth0 up", "link set far up",
                "addr add 198.18.0.2/24 dev eth0", "route add default via 198.18.0.1"):
    subprocess.run(["ip", *command.split()], check=True)
rules = "table inet t {{ chain o {{ type filter hook {hook} priority 0; {rule}; }}; }}"
subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True)
target = Target(address=ip_address("192.0.2.1"), port=443)
seen, *errors = observe([Observation(subject="x", rung=Rung.TCP, title="", outcome=Outcome.FAILED, target=target)])
codes = [one.code for one in Run(command="x").report(errors).findings]
print(json.dumps([seen.outcome, seen.detail, seen.because, codes]))
"""


def test_a_block_is_a_failure_and_names_the_rule_and_all_that_it_strikes() -> None:
    seen = concluded([ACCEPT, DROP])
    assert (seen.outcome, seen.failure) == (Outcome.FAILED, Failure.BLOCKED_LOCALLY)
    assert seen.detail == "1 of 2 flows: drop on the way out, by nftables inet t o rule 1"
    assert (seen.evidence["kernel"], seen.evidence["blocked"]) == ("drop", [str(FLOW)])


def test_what_cannot_be_judged_is_not_tried_and_no_pass() -> None:
    assert (concluded([ACCEPT, UNSURE]).outcome, concluded([ACCEPT, UNSURE]).because) == (
        Outcome.SKIPPED,
        "a rule is missing",
    )
    assert concluded([UNROUTED]).outcome is Outcome.SKIPPED
    assert concluded([ACCEPT, UNROUTED]).outcome is Outcome.PASSED


def test_without_a_target_there_is_nothing_to_ask() -> None:
    assert [one.outcome for one in observe([])] == [Outcome.SKIPPED]


@pytest.mark.kernel
@pytest.mark.parametrize(
    ("hook", "rule", "outcome", "codes"),
    [
        ("output", "ip daddr 192.0.2.1 drop", "failed", []),
        ("output", "ip daddr 192.0.2.2 drop", "passed", []),
        ("input", "ct state established accept; drop", "passed", ["local.fw-related"]),
        ("input", "ct state established,related accept; drop", "passed", []),
    ],
)
def test_the_rules_that_are_in_force_are_judged(hook: str, rule: str, outcome: str, codes: list[str]) -> None:
    script = INSIDE.replace("{{", "{").replace("}}", "}").replace("{hook}", hook).replace("{rule}", rule)
    done = subprocess.run(
        ["unshare", "-Urn", sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=ENVIRONMENT,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said[0], said[3]) == (outcome, codes), said


@pytest.mark.kernel
def test_another_hosts_firewall_is_judged_anew_in_the_place_of_what_was_said_there() -> None:
    text = "table inet t {\n\tchain o {\n\t\ttype filter hook output priority 0;\n\t\tip daddr 192.0.2.1 drop\n\t}\n}\n"
    capture = assemble({"nft.txt": Source(file="nft.txt", text=text)}, Facts())
    target = Target(address=ip_address("192.0.2.1"), port=443)
    tried = Observation(subject="x", rung=Rung.TCP, title="TCP", outcome=Outcome.FAILED, target=target)
    before = concluded([ACCEPT])
    told = again([before, tried], capture)
    assert told[0] == tried
    assert [(one.title, one.outcome) for one in told[1:]] == [("Firewall rules", Outcome.FAILED)]
    assert "nft.txt:4" in told[1].detail
