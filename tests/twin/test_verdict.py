"""From events to a verdict: what ended, by which rule, reached over which jumps."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Callable

import attrs
import pytest

from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin.answer import Firewall, Rule
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.packets.send import Sent
from nimnetcheck.twin.packets.trace import Act, Event, Kind, Leg
from nimnetcheck.twin.verdict import LOST, NO_ROUTE, UNCONNECTED, is_reject, judge
from tests.twin.blocked import error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nimnetcheck.twin.flow import Flow

FLOW = parse("tcp:192.0.2.1:443")


def event(chain: str, act: Act, handle: int | None = 1, target: str = "", kind: Kind = Kind.RULE) -> Event:
    return Event(
        packet=1,
        leg=Leg.REQUEST,
        family="inet",
        table="t",
        chain=chain,
        kind=kind,
        act=act,
        handle=handle,
        target=target,
    )


class Known:
    """A twin with these rules, where `missing` says what is not there of a way."""

    def __init__(self, missing: Callable[[Sequence[Event]], str] = lambda _: "") -> None:
        self._missing = missing

    def name(self, event: Event) -> Rule:
        """A rule that drops, or rejects."""
        text = "reject" if event.handle == 99 else "drop"
        return Rule(
            firewall=Firewall.NFTABLES,
            family="inet",
            table="t",
            chain=event.chain,
            twin_handle=event.handle,
            text=text,
        )

    def limit(self, way: Sequence[Event]) -> str:
        """None."""
        del way
        return ""

    def doubt(self, flow: Flow, way: Sequence[Event], *, ended: bool) -> str:
        """What is missing there."""
        del flow, ended
        return self._missing(way)


KNOWN = Known()


def sent(*events: Event, answered: bool = False, error: int = 0) -> Sent:
    return Sent(flow=FLOW, events=events, answered=answered, error=error)


def test_an_answer_is_an_accept_and_silence_is_not() -> None:
    accepted = event("out", Act.ACCEPT)
    assert judge(sent(accepted, answered=True), KNOWN).verdict is KernelVerdict.ACCEPT
    silent = judge(sent(accepted), KNOWN)
    assert (silent.verdict, silent.because) == (
        KernelVerdict.NOT_JUDGED,
        "no answer came, and no traced rule stopped it",
    )


def test_of_an_error_it_is_told_whether_the_kernel_believed_it() -> None:
    message = attrs.evolve(sent(event("in", Act.ACCEPT)), flow=error(str(FLOW)))
    assert judge(message, KNOWN).because == "the kernel did not believe it, and no traced rule stopped it"
    assert judge(attrs.evolve(message, answered=True), KNOWN).verdict is KernelVerdict.ACCEPT
    refused = judge(attrs.evolve(message, error=errno.ECONNREFUSED), KNOWN)
    assert (refused.verdict, refused.because) == (KernelVerdict.NOT_JUDGED, UNCONNECTED)
    assert judge(sent(error=errno.ECONNREFUSED), KNOWN).verdict is KernelVerdict.ACCEPT


def test_a_drop_names_its_rule_and_the_jumps_that_lead_there() -> None:
    events = (
        event("out", Act.JUMP, 1, "a"),
        event("a", Act.JUMP, 2, "b"),
        event("b", Act.RETURN, None, kind=Kind.RETURN),
        event("a", Act.JUMP, 3, "c"),
        event("c", Act.DROP, 4),
    )
    judged = judge(sent(*events), KNOWN)
    assert (judged.verdict, judged.leg) == (KernelVerdict.DROP, Leg.REQUEST)
    assert judged.rule
    assert judged.rule.twin_handle == 4
    assert [jump.twin_handle for jump in judged.path] == [1, 3]


def test_a_chain_that_ended_without_a_word_is_not_on_the_path() -> None:
    judged = judge(sent(event("out", Act.JUMP, 1, "a"), event("out", Act.DROP, 2)), KNOWN)
    assert judged.path == ()


def test_the_policy_of_a_base_chain_has_no_path() -> None:
    judged = judge(sent(event("out", Act.JUMP, 1, "a"), event("out", Act.DROP, None, kind=Kind.POLICY)), KNOWN)
    assert (judged.path, judged.rule and judged.rule.twin_handle) == ((), None)


def test_a_reject_is_told_from_a_drop_by_its_words() -> None:
    assert judge(sent(event("out", Act.DROP, 99)), KNOWN).verdict is KernelVerdict.REJECT
    assert is_reject("-A OUTPUT -j REJECT --reject-with tcp-reset")
    assert is_reject('ip daddr 192.0.2.1 reject with icmpx admin-prohibited comment "drop"')
    assert not is_reject('ip daddr 192.0.2.1 drop comment "reject this"')
    assert not is_reject("jump reject_all")


@pytest.mark.parametrize("act", [Act.QUEUE, Act.STOLEN])
def test_what_leaves_the_kernels_hands_is_not_judged(act: Act) -> None:
    judged = judge(sent(event("out", act)), KNOWN)
    assert judged.verdict is KernelVerdict.NOT_JUDGED
    assert judged.because
    assert judged.rule


def test_refused_by_no_rule_is_reached_and_unreachable_is_no_route() -> None:
    assert judge(sent(error=errno.ECONNREFUSED), KNOWN).verdict is KernelVerdict.ACCEPT
    assert judge(sent(error=errno.ENETUNREACH), KNOWN).because == NO_ROUTE
    assert judge(sent(event("out", Act.ACCEPT), error=errno.ENETUNREACH), KNOWN).because != NO_ROUTE


def test_a_missing_rule_on_the_way_makes_a_verdict_uncertain() -> None:
    accepted, dropped = (
        sent(event("out", Act.ACCEPT), answered=True),
        sent(event("out", Act.DROP), event("late", Act.DROP)),
    )
    for seen in (accepted, dropped):
        judged = judge(seen, Known(lambda _: "rule 1 is missing"))
        assert (judged.verdict, judged.because) == (KernelVerdict.NOT_JUDGED, "rule 1 is missing")
    # What comes after the end was never on the way.
    assert judge(dropped, Known(lambda way: "late" if len(way) > 1 else "")).verdict is KernelVerdict.DROP


def test_what_arrived_while_events_were_lost_is_not_judged_and_a_drop_that_was_seen_is() -> None:
    """A rule that is missing in the twin may have been on the way."""
    arrived = Sent(flow=FLOW, events=(), answered=True, lost=True)
    assert judge(arrived, KNOWN).because == LOST
    assert judge(Sent(flow=FLOW, events=(event("out", Act.DROP),), answered=False, lost=True), KNOWN).verdict == "drop"
