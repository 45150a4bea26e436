"""What tells answers of resolvers apart that look alike: pure."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any

from nimnetcheck.addresses import parse_address, special
from nimnetcheck.errors import InputError
from nimnetcheck.model import Failure, Outcome, Rung

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.diagnosis.context import Context
    from nimnetcheck.model import Observation

BOGUS = frozenset({5, 6, 7, 8, 9, 10, 11, 12})  # RFC 8914, 4: DNSSEC indeterminate, bogus, and each reason for it
SOMEBODY_ELSE = (Failure.TLS_WRONG_HOST, Failure.TLS_UNTRUSTED, Failure.TLS_NOT_TLS)  # who answers is not the vendor
PORT_UNREACHABLE = {(4, 3, 3), (6, 1, 4)}  # version, type, code


def is_dead(observation: Observation, _: Context) -> bool:
    """The resolver's own host says that nobody serves there."""
    return observation.evidence.get("errno") == errno.ECONNREFUSED or _icmp(observation) in PORT_UNREACHABLE


def is_question(observation: Observation, _: Context) -> bool:
    """It was a resolver that was not reached."""
    return observation.rung is Rung.DNS


def lacks_tcp(observation: Observation, _: Context) -> bool:
    """The answer did not fit a datagram, and TCP to the same resolver gets none."""
    return bool(observation.evidence.get("truncated"))


def lacks_udp(observation: Observation, context: Context) -> bool:
    """The same resolver answers by TCP."""
    return any(one.outcome is Outcome.PASSED for one in _about(observation, context, "transport"))


def stalls_aaaa(observation: Observation, context: Context) -> bool:
    """The same name's A record came, so it is the type that gets no answer."""
    return observation.evidence.get("type") == "AAAA" and any(
        one.evidence.get("type") == "A" and one.evidence.get("name") == observation.evidence.get("name")
        for one in context.of_subject(observation.subject)
        if one.rung is Rung.DNS and one.outcome is Outcome.PASSED and one.evidence.get("addresses")
    )


def is_bogus(observation: Observation, context: Context) -> bool:
    """The resolver has an answer, and its validation refuses it."""
    if any(one.evidence.get("addresses") for one in _about(observation, context, "validation")):
        return True
    reasons = (reason for one in _about(observation, context, "reasons") for reason in _list(one, "ede"))
    codes = (reason.get("code") for reason in reasons if isinstance(reason, dict))
    return any(isinstance(code, int) and code in BOGUS for code in codes)


def is_not_implemented(observation: Observation, _: Context) -> bool:
    """The resolver says that it does not do this."""
    return observation.evidence.get("rcode") == "NOTIMP"


def is_format_error(observation: Observation, _: Context) -> bool:
    """The resolver says that it cannot read the question."""
    return observation.evidence.get("rcode") == "FORMERR"


def another_resolver_knows(observation: Observation, context: Context) -> bool:
    """Of the resolvers that this host is configured with, another one gives public addresses."""
    asked, kind = str(observation.evidence.get("resolver", "")).partition(" ")[0], observation.evidence.get("type")
    return any(
        one.evidence.get("addresses") and not any(_is_special(text) for text in _texts(one, "addresses"))
        for one in _about(observation, context, "resolver")
        if one.evidence.get("type") == kind and one.evidence.get("at") != asked
    )


def is_overridden(observation: Observation, context: Context) -> bool:
    """Programs of this host get addresses that no resolver gave for the name as it stands."""
    own, asked = set(_texts(observation, "hosts_file")), set(_texts(observation, "addresses"))
    if own and not own & asked:
        return True
    suffixed = {text for one in context.controls(observation, "suffix") for text in _texts(one, "addresses")}
    system = {text for one in context.controls(observation, "system") for text in _texts(one, "addresses")}
    return bool(system and system <= suffixed and not system & asked)


def leads_to_sinkhole(observation: Observation, context: Context) -> bool:
    """A resolver led to an address that no public name has, and nothing of the vendor's answers there."""
    target = observation.target
    return bool(target and special(target.address) and any(led_by(observation, context)))


def leads_elsewhere(observation: Observation, context: Context) -> bool:
    """A resolver led to an address that is not among the published ones."""
    return any(led_by(observation, context, "unlisted"))


def is_hijacked(observation: Observation, context: Context) -> bool:
    """Not at a published address, and not the vendor's certificate; or at one that only some resolvers lead to."""
    if leads_elsewhere(observation, context):
        return True
    here = str(observation.target.address) if observation.target else ""
    answers = [set(_texts(one, "addresses")) for one in context.controls(observation, "resolver")]
    return any(here in answer for answer in answers) and any(answer and here not in answer for answer in answers)


def is_injected(observation: Observation, context: Context) -> bool:
    """One question got two answers that differ, and this address stands in one of them.

    Which of them comes first may differ from question to question.
    """
    here = str(observation.target.address) if observation.target else ""
    for one in context.controls(observation, "resolver"):
        seconds = [second for second in _list(one, "second_answers") if isinstance(second, list)]
        if seconds and (not here or here in _texts(one, "addresses") or any(here in second for second in seconds)):
            return True
    return False


def led_by(observation: Observation, context: Context, key: str = "addresses") -> Iterator[Observation]:
    """The answers of resolvers that led to where something was seen."""
    for one in context.of_subject(observation.subject) if observation.target else ():
        is_answer = one.rung is Rung.DNS and one.evidence.get("source") == "dns" and not one.evidence.get("proxy")
        if is_answer and observation.target and str(observation.target.address) in _texts(one, key):
            yield one


def _about(observation: Observation, context: Context, changed: str) -> Iterator[Observation]:
    """The controls of the name that an observation is about."""
    for control in context.controls(observation, changed):
        if control.evidence.get("name") == observation.evidence.get("name"):
            yield control


def _is_special(text: object) -> bool:
    try:
        return special(parse_address(str(text))) is not None
    except InputError:
        return False


def _icmp(observation: Observation) -> tuple[object, ...]:
    said = observation.evidence.get("icmp")
    found = tuple(said.get(key) for key in ("version", "type", "code")) if isinstance(said, dict) else ()
    return found if all(isinstance(number, int) for number in found) else ()


def _texts(observation: Observation, key: str) -> list[str]:
    """The texts in a list of the evidence: a saved report may hold anything there."""
    return [item for item in _list(observation, key) if isinstance(item, str)]


def _list(observation: Observation, key: str) -> list[Any]:
    value = observation.evidence.get(key)
    return value if isinstance(value, list) else []
