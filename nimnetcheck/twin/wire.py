"""Questions and answers between a command and its twins, each one line of JSON: pure."""

from __future__ import annotations

import json
from ipaddress import ip_address
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import attrs

from nimnetcheck.errors import NotJudgedError
from nimnetcheck.model import KernelVerdict
from nimnetcheck.twin.answer import Answer, Applied, Firewall, Judged, LeftOut, Leg, Round, Rule
from nimnetcheck.twin.behind import Behind
from nimnetcheck.twin.capture.value import Capture, Save, Source, Unread, Variant
from nimnetcheck.twin.flow import Flow, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


@attrs.frozen(kw_only=True)
class Command:
    """A command of a firewall's tool to run inside the twin, and what it reads."""

    words: tuple[str, ...]
    text: str = ""


@attrs.frozen(kw_only=True)
class Question:
    """What a twin is asked: a capture, flows, and commands to apply one trial after the other, each judged anew.

    The flows are the host's own, or those of who is `behind` it: one address of each IP version. `errors` asks about
    the error messages of open connections, too.
    """

    capture: Capture
    flows: tuple[Flow, ...]
    behind: tuple[Behind, ...] = ()
    trials: tuple[tuple[Command, ...], ...] = ()
    errors: bool = False


def dump_question(question: Question) -> str:
    """The question as one document."""
    return json.dumps(
        {
            "capture": attrs.asdict(question.capture),
            "flows": [attrs.asdict(flow) for flow in question.flows],
            "behind": [attrs.asdict(one) for one in question.behind],
            "trials": [[attrs.asdict(command) for command in trial] for trial in question.trials],
            "errors": question.errors,
        },
        default=_plain,
    )


def read_question(text: str) -> Question:
    """The question out of its document."""
    given = json.loads(text)
    return Question(
        capture=_capture(given["capture"]),
        flows=tuple(map(_flow, given["flows"])),
        behind=tuple(Behind(**{**one, "address": ip_address(one["address"])}) for one in given["behind"]),
        trials=tuple(
            tuple(Command(words=tuple(command["words"]), text=command["text"]) for command in trial)
            for trial in given["trials"]
        ),
        errors=given["errors"],
    )


def dump_answer(answer: Answer) -> str:
    """The answer as one document."""
    return json.dumps(attrs.asdict(answer), default=_plain)


def dump_refusal(because: str) -> str:
    """In place of an answer: why there is none."""
    return json.dumps({"refused": because})


def read_answer(text: str) -> Answer:
    """The answer out of its document; raises NotJudgedError for a refusal."""
    given = json.loads(text)
    if "refused" in given:
        raise NotJudgedError(given["refused"])
    return Answer(
        rounds=tuple(
            Round(
                judged=tuple(_judged(judged) for judged in one["judged"]),
                applied=tuple(Applied(command=tuple(a["command"]), error=a["error"]) for a in one["applied"]),
            )
            for one in given["rounds"]
        ),
        left_out=tuple(LeftOut(**one) for one in given["left_out"]),
        assumed=given["assumed"],
    )


def _plain(value: object) -> object:
    if isinstance(value, MappingProxyType):
        return dict(value)
    return str(value)


def _capture(given: Mapping[str, Any]) -> Capture:
    return Capture(
        host=given["host"],
        sysctls=given["sysctls"],
        tools=given["tools"],
        routes={int(version): tuple(found) for version, found in given["routes"].items()},
        rules={int(version): tuple(found) for version, found in given["rules"].items()},
        nft=_source(given["nft"]),
        shadow=_source(given["shadow"]),
        ipset=_source(given["ipset"]),
        saves=tuple(
            Save(variant=Variant(one["variant"]), version=one["version"], source=Source(**one["source"]))
            for one in given["saves"]
        ),
        links=tuple(given["links"]),
        addresses=tuple(given["addresses"]),
        firewalld=tuple(Source(**one) for one in given["firewalld"]),
        unread=tuple(Unread(**one) for one in given["unread"]),
    )


def _source(given: Mapping[str, Any] | None) -> Source | None:
    return Source(**given) if given else None


def _judged(given: Mapping[str, Any]) -> Judged:
    return Judged(
        flow=_flow(given["flow"]),
        verdict=KernelVerdict(given["verdict"]),
        leg=Leg(given["leg"]) if given["leg"] else None,
        rule=_rule(given["rule"]),
        path=tuple(rule for rule in map(_rule, given["path"]) if rule),
        because=given["because"],
        limit=given["limit"],
    )


def _flow(given: Mapping[str, Any]) -> Flow:
    return Flow(protocol=Protocol(given["protocol"]), address=ip_address(given["address"]), port=given["port"])


def _rule(given: Mapping[str, Any] | None) -> Rule | None:
    return Rule(**{**given, "firewall": Firewall(given["firewall"])}) if given else None
