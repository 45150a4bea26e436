"""Names, looked at closer: each resolver alone, by TCP, unvalidated, about another name; then what the system says."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import attrs
import dns.rdatatype

from nimnetcheck.addresses import parse_address, special
from nimnetcheck.failures import LateError
from nimnetcheck.model import Failure, Rung
from nimnetcheck.net import DeadlineError, fork
from nimnetcheck.net.system import SystemAnswer, system_addresses
from nimnetcheck.probe.controls.note import Control
from nimnetcheck.probe.dns import TYPES
from nimnetcheck.probe.question import Answer, Manner, ask
from nimnetcheck.probe.resolvers import configured, search_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from nimnetcheck.model import Endpoint, Observation
    from nimnetcheck.net import Steps
    from nimnetcheck.probe.attempt import Setup
    from nimnetcheck.probe.dns_transport import Resolver

SLOW_S = 2.0
LINGER = Manner(linger_s=0.5)  # OONI's wait for the true answer behind an injected one
TCP = Manner(transport="tcp")
REASONS = Manner(edns=True)
UNCHECKED = Manner(edns=True, unchecked=True)
ROOT = "."
MARKS = ("hosts_file", "foreign", "malformed", "second_answers", "truncated", "unlisted")
HIJACKED = frozenset({Failure.TLS_WRONG_HOST, Failure.TLS_UNTRUSTED, Failure.TLS_NOT_TLS})

EAI = {"EAI_NONAME": Failure.DNS_NXDOMAIN, "EAI_NODATA": Failure.DNS_NO_DATA}
CHANGES = {
    "resolver": "alone",
    "transport": "by TCP",
    "name": "another name",
    "reasons": "with its reasons",
    "validation": "without validation",
    "suffix": "a name of the search list",
}


@attrs.frozen
class Question:
    """One question that is put again, and what is changed in it."""

    changed: str
    host: str
    kind: dns.rdatatype.RdataType
    resolver: Resolver
    manner: Manner


def plan(endpoint: Endpoint, seen: Sequence[Observation], setup: Setup) -> Iterator[Steps[tuple[Observation, ...]]]:
    """What to ask again; nothing where every answer came at once, from public addresses that held."""
    for host, about in by_name(seen).items():
        if suspicious(about, seen) or search_list().comes_first(host):
            yield _look(endpoint, host, about, setup)


def by_name(seen: Sequence[Observation]) -> Mapping[str, Sequence[Observation]]:
    """The questions that resolvers were asked, by the name that they are about; pure."""
    asked: dict[str, list[Observation]] = {}
    for one in seen:
        if one.rung is Rung.DNS and one.evidence.get("source") == "dns":
            asked.setdefault(str(one.evidence["name"]), []).append(one)
    return asked


def suspicious(asked: Sequence[Observation], seen: Sequence[Observation]) -> bool:
    """Whether the answers about one name deserve a closer look; pure."""
    return (
        any(one.failure or one.elapsed_s > SLOW_S for one in asked)
        or any(one.evidence.get(mark) for one in asked for mark in MARKS)
        or any(len(_list(one, "attempts")) > 1 for one in asked)
        or leads_inside(asked)
        or any(one.failure in HIJACKED for one in seen)
    )


def leads_inside(asked: Sequence[Observation]) -> bool:
    """Whether an answer holds an address that no public name has; pure."""
    return any(special(parse_address(str(text))) for one in asked for text in _list(one, "addresses"))


def _list(observation: Observation, key: str) -> list[object]:
    value = observation.evidence.get(key)
    return value if isinstance(value, list) else []


def _look(endpoint: Endpoint, host: str, about: Sequence[Observation], setup: Setup) -> Steps[tuple[Observation, ...]]:
    """Every control of one name, all at once."""
    control = functools.partial(Control, endpoint=endpoint, rung=Rung.DNS, setup=setup)
    looks = [_ask(control, question) for question in questions(host, about, setup)]
    if not setup.world.resolvers:
        looks.append(_system(control, host))
    return (yield from fork(looks))


def questions(host: str, about: Sequence[Observation], setup: Setup) -> Iterator[Question]:
    """What to ask, each with one thing changed."""
    kinds = [TYPES[version] for version in setup.options.versions]
    failed = any(one.failure for one in about)
    invalid = any(_mentions(one, Failure.DNS_SERVFAIL) for one in about)
    for resolver in setup.world.resolvers or configured():
        for kind in kinds:
            yield Question("resolver", host, kind, resolver, LINGER)
        yield Question("transport", host, kinds[0], resolver, TCP)
        if failed:
            yield Question("name", ROOT, dns.rdatatype.NS, resolver, Manner())
        if invalid:
            yield Question("reasons", host, kinds[0], resolver, REASONS)
            yield Question("validation", host, kinds[0], resolver, UNCHECKED)
    if not setup.world.resolvers:
        for resolver in configured()[:1]:
            for suffix in search_list().suffixes:
                yield Question("suffix", f"{host}.{suffix}", kinds[0], resolver, Manner())


def _mentions(observation: Observation, failure: Failure) -> bool:
    """Whether a resolver failed in this way, be it that another one answered after it."""
    outcomes = [one.get("outcome") for one in _list(observation, "attempts") if isinstance(one, dict)]
    return observation.failure is failure or str(failure) in outcomes


def _ask(control: Callable[..., Control], question: Question) -> Steps[Observation]:
    title = f"{question.kind.name} {question.host} at {question.resolver[0]}, {CHANGES[question.changed]}"
    begun = control(title=title, changed=question.changed)
    try:
        answer = yield from ask(question.host, question.kind, question.resolver, begun.until_s, question.manner)
    except DeadlineError:
        answer = Answer(failure=Failure.DEADLINE)
    found = {
        "at": str(question.resolver[0]),
        "name": question.host,
        "type": question.kind.name,
        "addresses": [str(address) for address in answer.addresses],
    }
    return begun.note({**found, **answer.evidence}, answer.failure, answer.detail)


def _system(control: Callable[..., Control], host: str) -> Steps[Observation]:
    begun = control(title=f"{host}, as programs of this host ask", changed="system")
    late = SystemAnswer(error="no answer in time")
    try:
        answer = yield from system_addresses(host, begun.until_s)
    except (LateError, DeadlineError):
        answer = late
    addresses = [str(address) for address in answer.addresses]
    found = {"name": host, "addresses": addresses, **({"error": answer.error} if answer.error else {})}
    # One code of the C library stands for seven causes, so most of them have no name here.
    failure = EAI.get(answer.error, Failure.UNKNOWN) if answer.error else None
    return begun.note(found, failure, answer.error)
