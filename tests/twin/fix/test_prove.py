"""What a proof claims was seen: flows that opened, neighbours that stayed, and all back when it is taken back."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin.answer import Answer, Firewall, Judged, Round, Rule
from nimnetcheck.twin.ask import ask
from nimnetcheck.twin.capture.value import Capture, Source
from nimnetcheck.twin.fix.prove import MAX_CHANGES, Proof, prove
from nimnetcheck.twin.fix.script import notes
from nimnetcheck.twin.flow import Flow, parse
from nimnetcheck.twin.packets.trace import Leg
from nimnetcheck.twin.wire import Question
from tests.twin.blocked import error

pytestmark = pytest.mark.kernel
FLOW = "tcp:159.60.126.10:443"


def proof(text: str, *flows: str, errors: bool = False) -> Proof:
    """The proven fix of nft's text, with real twins."""
    capture = Capture(nft=Source(file="rules.nft", text=text))
    question = Question(capture=capture, flows=tuple(map(parse, flows or (FLOW,))), errors=errors)
    return prove(question, ask(question).judged, ask)


def chain(rules: str, policy: str = "accept", name: str = "site", priority: int = 0) -> str:
    """A table with one output chain."""
    body = "\n".join(f"    {rule}" for rule in rules.split(" ; "))
    hook = f"type filter hook output priority {priority}; policy {policy};"
    return f"table inet {name} {{\n  chain out {{\n    {hook}\n{body}\n  }}\n}}\n"


def test_a_change_opens_its_flow_and_nothing_beside_it() -> None:
    shown = proof(chain("ip daddr 159.60.0.0/16 drop"))
    assert shown.opened == (parse(FLOW),)
    assert (shown.left, shown.undone) == ((), True)
    controls = {str(control) for control in shown.controls}
    assert {
        "tcp:159.60.126.9:443",
        "tcp:159.60.126.11:443",
        "tcp:159.60.126.10:442",
        "udp:159.60.126.10:443",
    } <= controls


def test_what_is_open_needs_no_change() -> None:
    shown = proof(chain("ip daddr 203.0.113.0/24 drop"))
    assert (shown.changes, shown.opened, shown.left) == ((), (), ())


def test_firewalls_behind_one_another_are_changed_one_after_the_other() -> None:
    shown = proof(chain("tcp dport 443 drop") + chain("accept", priority=5, name="last").replace("accept\n", "drop\n"))
    assert [change.block.rule.table for change in shown.changes] == ["site", "last"]
    assert len(shown.opened) == 1


def test_many_flows_of_one_cause_need_one_change() -> None:
    shown = proof(chain("", policy="drop"), *(f"tcp:159.60.126.{n}:443" for n in range(128)))
    assert len(shown.changes) == 1
    assert len(shown.opened) == 128
    assert "159.60.126.0/25" in shown.changes[0].lines[0]


def input_chain(rules: str, priority: int = 0, name: str = "site") -> str:
    """A table with one input chain that drops."""
    return chain(rules, policy="drop", name=name, priority=priority).replace("hook output", "hook input")


def test_errors_of_both_versions_are_let_in_and_nothing_beside_them() -> None:
    flows = ("tcp:192.0.2.1:443", "tcp:[2001:db8::1]:443", "tcp:192.0.2.2:443")
    shown = proof(input_chain("ct state established accept"), *flows, errors=True)
    assert shown.opened == (error(flows[0]), error(flows[1]))
    assert ["ct state related accept" in change.lines[0] for change in shown.changes] == [True, True]
    assert (shown.left, shown.undone) == ((), True)
    assert {"tcp:192.0.2.0:443", "tcp:192.0.2.1:442", "udp:192.0.2.1:443"} <= {str(one) for one in shown.controls}


def test_errors_pass_firewalls_behind_one_another_and_a_look_alike_needs_no_change() -> None:
    shut, last = "ct state established accept", input_chain("tcp sport 443 accept", 5, "last")
    both = proof(input_chain(shut) + last, FLOW, errors=True)
    assert [change.block.rule.table for change in both.changes] == ["site", "last"]
    assert (len(both.opened), both.left, both.undone) == (1, (), True)
    assert proof(input_chain("ct state established,related accept"), FLOW, errors=True) == Proof(
        controls=both.controls, undone=False
    )


def test_what_lets_in_a_reply_may_let_in_the_errors_of_another_connection_to_that_address() -> None:
    rules = "tcp sport 443 ct state established accept"
    shown = proof(input_chain(rules), "tcp:192.0.2.1:443", "tcp:192.0.2.1:8443", errors=True)
    assert (len(shown.opened), shown.left, shown.undone) == (2, (), True)


def test_an_element_is_preferred_where_it_opens_only_what_was_asked_for() -> None:
    text = "table inet site {\n  set ok { type ipv4_addr; flags interval; elements = { 203.0.113.0/24 }; }\n"
    rules = "  chain out {\n    type filter hook output priority 0; policy drop;\n    ip daddr @ok %saccept\n  }\n}\n"
    narrow = proof(text + rules % "tcp dport 443 ")
    assert [change.lines for change in narrow.changes] == [("nft 'add element inet site ok { 159.60.126.10 }'",)]
    wide = proof(text + rules % "")  # an element would open every port of the address
    assert "add rule inet site out" in wide.changes[0].lines[0]
    assert (len(narrow.opened), len(wide.opened)) == (1, 1)


def test_a_ruleset_that_no_rule_can_help_is_said() -> None:
    text = "table inet site {\n  chain only-drops {\n    drop\n  }\n  chain out {\n"
    text += "    type filter hook output priority 0; policy accept;\n    tcp dport 443 queue\n  }\n}\n"
    shown = proof(text)
    assert (shown.changes, shown.opened, shown.undone) == ((), (), False)


def test_the_neighbours_of_a_whole_prefix_are_its_controls_and_not_its_members() -> None:
    flows = ("tcp:[2001:db8::]:443", "tcp:[2001:db8::ffff]:443")
    capture = Capture(nft=Source(file="rules.nft", text=chain("", policy="drop")))
    question = Question(capture=capture, flows=tuple(map(parse, flows)))
    shown = prove(question, ask(question).judged, ask, (ip_network("2001:db8::/112"),))
    assert "ip6 daddr 2001:db8::/112 tcp dport 443" in shown.changes[0].lines[0]
    controls = {str(control) for control in shown.controls}
    assert "tcp:[2001:db8::1:0]:443" in controls
    assert "tcp:[2001:db8::]:442" in controls
    assert "tcp:[2001:db8::1]:443" not in controls


def test_the_search_ends_at_its_bounds_and_says_what_is_left() -> None:
    flows = [f"tcp:192.0.2.{2 * n}:443" for n in range(MAX_CHANGES + 2)]
    drops = " ; ".join(f"ip daddr 192.0.2.{2 * n} drop" for n in range(MAX_CHANGES + 2))
    shown = proof(chain(drops), *flows)
    assert (len(shown.changes), len(shown.left), shown.ended, shown.undone) == (MAX_CHANGES, 2, True, True)
    assert "ended at its bounds: 2 flows still blocked" in list(notes(shown))[-1]
    assert not proof(chain(drops), flows[0]).ended


@pytest.mark.parametrize("then", [KernelVerdict.REJECT, KernelVerdict.DROP])
def test_a_neighbour_that_is_dropped_and_was_rejected_is_noticed(then: KernelVerdict) -> None:
    """No rule was found that brings this about; the kernel's answers are made up."""
    flow, neighbour = parse(FLOW), parse("tcp:159.60.126.11:443")
    rule = Rule(firewall=Firewall.NFTABLES, family="inet", table="site", chain="out", number=1, twin_handle=4)

    def judged(about: Flow, verdict: KernelVerdict) -> Judged:
        return Judged(flow=about, verdict=verdict, rule=rule, leg=Leg.REQUEST)

    def answer(question: Question) -> Answer:
        verdicts = [(KernelVerdict.DROP, KernelVerdict.REJECT)]
        verdicts += [(KernelVerdict.ACCEPT, then)] * len(question.trials[:-1])
        verdicts += [verdicts[0]] * len(question.trials[-1:])
        return Answer(
            rounds=tuple(
                Round(
                    judged=tuple(
                        judged(one, {flow: mine, neighbour: its}.get(one, KernelVerdict.DROP)) for one in question.flows
                    )
                )
                for mine, its in verdicts
            )
        )

    question = Question(capture=Capture(nft=Source(file="n", text=chain("drop"))), flows=(flow,))
    assert len(prove(question, [judged(flow, KernelVerdict.DROP)], answer).changes) == (then is KernelVerdict.REJECT)
