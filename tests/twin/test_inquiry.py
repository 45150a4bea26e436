"""A whole inquiry, and what a reader must know of it."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from nimnetcheck.errors import NotJudgedError
from nimnetcheck.model import KernelVerdict, Outcome
from nimnetcheck.run import Run
from nimnetcheck.twin.answer import Answer, Judged, LeftOut, Round
from nimnetcheck.twin.behind import Behind
from nimnetcheck.twin.capture.value import Capture, Source
from nimnetcheck.twin.fix.prove import Proof
from nimnetcheck.twin.flow import parse
from nimnetcheck.twin.inquiry import SHOWN, inquire, report
from nimnetcheck.twin.wanted import Wanted
from tests.twin.blocked import judged, rule

if TYPE_CHECKING:
    from nimnetcheck.twin.wire import Question

FLOW = parse("tcp:192.0.2.1:443")
WANTED = (Wanted(subject="usage", flow=FLOW), Wanted(subject="teem", flow=FLOW))


def notes(capture: Capture, **given: object) -> str:
    accepted = Judged(flow=FLOW, verdict=KernelVerdict.ACCEPT)
    asked: list[Question] = []

    def asking(question: Question) -> Answer:
        asked.append(question)
        return Answer(rounds=(Round(judged=(accepted,)),), **given)  # type: ignore[arg-type]  # an Answer's own

    found = inquire(capture, WANTED, (), asking)
    assert [question.flows for question in asked] == [(FLOW,)], "each flow is sent once, whoever needs it"
    assert asked[0].errors
    assert [seen.subject for seen in found.observations] == ["usage", "teem"]
    return "\n".join(found.notes)


def test_a_network_that_was_made_up_is_said() -> None:
    assert "ens3" in notes(Capture(), assumed="ens3")
    assert notes(Capture()) == ""


def test_what_could_not_be_loaded_is_said_with_its_place_and_there_is_an_end_to_it() -> None:
    lost = LeftOut(what="queue to 3", because="no such words", file="n", line=7)
    assert "n:7: queue to 3 (no such words)" in notes(Capture(), left_out=(lost,))
    assert "2 more" in notes(Capture(), left_out=(lost,) * (SHOWN + 2))


def test_rules_about_users_are_said() -> None:
    own = Source(file="n", text="meta skuid 991 accept")
    assert "--user" in notes(Capture(nft=own))


def test_the_report_is_of_the_host_whose_firewall_it_was() -> None:
    for host, told in (("elsewhere", "elsewhere"), ("", "here")):
        found = inquire(Capture(host=host), (), (), lambda _: Answer(rounds=(Round(judged=()),)))
        assert report(Run(command="trace", host="here"), found).host == told


def test_a_judgement_stands_where_no_fix_can_be_tried() -> None:
    dropped = judged(str(FLOW), rule("inet site out 3", handle=7))
    answers = iter([Answer(rounds=(Round(judged=(dropped,)),))])

    def asking(_: Question) -> Answer:
        for answer in answers:
            return answer
        raise NotJudgedError("the twin did not answer within 60 s")

    found = inquire(Capture(), WANTED, (), asking)
    assert [seen.outcome for seen in found.observations] == [Outcome.FAILED] * 2
    assert found.proof == Proof()
    assert found.notes == ("What would open the blocked flows could not be tried: the twin did not answer within 60 s",)


def test_whose_packets_were_judged_is_said_and_what_was_assumed_of_them() -> None:
    for assumed, words in ((False, "which comes in by docker0"), (True, "it was assumed to come in by docker0")):
        who = Behind(ip_address("172.17.0.2"), "docker0", assumed=assumed)
        asked: list[Question] = []

        def asking(question: Question, asked: list[Question] = asked) -> Answer:
            asked.append(question)
            return Answer(rounds=(Round(judged=()),))

        capture = Capture(nft=Source(file="n", text="meta skuid 991 accept"))
        found = inquire(capture, (), (), asking, (who,))
        assert [question.behind for question in asked] == [(who,)]
        assert words in found.notes[0]
        assert "--user" not in "".join(found.notes), "what is forwarded belongs to no user"
