"""What the closer looks at a way say: walks, this host's own knowledge, repetitions, smaller segments; pure.

Many addresses that failed alike were looked at once: what was seen of one of them goes for all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from nimnetcheck.model import Outcome, Rung

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nimnetcheck.diagnosis.context import Context
    from nimnetcheck.model import Observation

ENDS = {"refused": "a RST", "closed": "a close", "answered": "an answer"}  # of what was said on a connection
PASSED_ON = ("passed on", "answered, unnamed")


@attrs.frozen(kw_only=True)
class Walk:
    """A walk as its evidence tells it: how far packets were passed on, by whom, and how it ended where."""

    port: int
    passed_on: int
    ended: str
    ended_at: int | None
    routers: Mapping[int, str]

    @property
    def silent(self) -> bool:
        """Whether nothing came back from the end of it."""
        return self.ended == "silent"

    @property
    def after(self) -> str:
        """The last router that passed packets on, in words."""
        if not self.passed_on:
            return "before the first router"
        return f"after {self.routers.get(self.passed_on) or 'a router that is not named'} (hop {self.passed_on})"

    def __str__(self) -> str:
        if self.silent:
            return f"packets to port {self.port} are lost {self.after}"
        return f"packets to port {self.port} are {self.ended} at hop {self.ended_at or 1}"


def evidence(observation: Observation, context: Context, changed: str) -> Mapping[str, Any]:
    """What the control that changed this saw, of this address or of one that failed alike; or nothing."""
    alike = [
        other
        for other in context.of_subject(observation.subject)
        if other.failure is observation.failure and _version(other) == _version(observation)
    ]
    for other in (observation, *alike):
        for control in context.controls(other, changed):
            return control.evidence
    return {}


def walk(observation: Observation, context: Context, changed: str = "hops") -> Walk | None:
    """The walk that changed this: "hops" is the plain one, the others are those to compare it with."""
    return read(evidence(observation, context, changed))


def read(found: Mapping[str, Any]) -> Walk | None:
    """The walk that a control's evidence tells of."""
    hops = found.get("hops")
    if not isinstance(hops, list):
        return None
    named = [hop for hop in hops if isinstance(hop, dict) and hop.get("said") in PASSED_ON]
    return Walk(
        port=_count(found.get("port")) or 0,
        passed_on=_count(found.get("passed_on")) or 0,
        ended=str(found.get("ended", "")),
        ended_at=_count(found.get("ended_at")),
        routers={_count(hop.get("limit")) or 0: str(hop.get("from") or "") for hop in named},
    )


def others(observation: Observation, context: Context) -> tuple[Walk, ...]:
    """The walks to compare with: to another port, to somebody else, to another port of theirs."""
    walks = (walk(observation, context, changed) for changed in ("port", "host", "host and port"))
    return tuple(one for one in walks if one)


def lost(observation: Observation, context: Context) -> str:
    """Where packets are lost, and how far those go that differ in one thing."""
    kinds = ("hops", "port", "host", "host and port")
    plain, port, host, last = (walk(observation, context, changed) for changed in kinds)
    if plain is None:
        return ""
    words = [str(plain)]
    if port:
        words.append(f"to the same host, {port}")
    if host:
        words.append(f"to somebody else ({evidence(observation, context, 'host').get('address')}), {host}")
    if last:
        words.append(f"to them, {last}")
    if port and not host and port.silent and port.passed_on == plain.passed_on:
        words.append("nobody else was asked, so whether anything gets out is not known")
    return "; ".join(words)


def hello(observation: Observation, context: Context) -> str:
    """How far the ClientHello gets; the kernel does not name the routers on its way, and the plain walk does."""
    said, plain = walk(observation, context, "hello hops"), walk(observation, context)
    if said is None:
        return ""
    named = attrs.evolve(said, routers=plain.routers) if plain else said
    words = (
        f"is lost {named.after}" if said.silent else f"gets {ENDS.get(said.ended, said.ended)} at hop {said.ended_at}"
    )
    return "; ".join((f"the ClientHello {words}", *([str(plain)] if plain else [])))


def times(observation: Observation, context: Context) -> tuple[Sequence[str], Sequence[str]]:
    """What became of the connections made again: all at once, and then spaced."""
    found = at_any_address(observation, context, "times")
    return _words(found.get("at_once")), _words(found.get("spaced"))


def at_any_address(observation: Observation, context: Context, changed: str) -> Mapping[str, Any]:
    """What the control that changed this saw, at whatever address of the same subject and IP version; or nothing."""
    for other in context.of_subject(observation.subject):
        if _version(other) == _version(observation):
            for control in context.controls(other, changed):
                return control.evidence
    return {}


def sizes(observation: Observation, context: Context) -> Mapping[int, Outcome]:
    """How the same went in smaller segments, by their size."""
    found: dict[int, Outcome] = {}
    for other in context.of_subject(observation.subject):
        if other.failure is observation.failure and _version(other) == _version(observation):
            for control in context.controls(other, "segment"):
                found[_count(control.evidence.get("segment")) or 0] = control.outcome
    return found


def reached(observation: Observation, context: Context, *, version: int | None = None) -> bool:
    """Whether another address of the same subject, of this IP version or of the same one, took a connection."""
    wanted = version or _version(observation)
    return any(
        other.rung is Rung.TCP and other.outcome is Outcome.PASSED and _version(other) == wanted
        for other in context.of_subject(observation.subject)
        if other.target != observation.target
    )


def number(observation: Observation, key: str) -> int | None:
    """A count in an observation's own evidence."""
    return _count(observation.evidence.get(key))


def icmp(observation: Observation) -> tuple[int, int, int] | None:
    """IP version, type and code of the ICMP message behind a failure."""
    message = observation.evidence.get("icmp")
    if not isinstance(message, dict):
        return None
    version, kind, code = (_count(message.get(key)) for key in ("version", "type", "code"))
    return None if version is None or kind is None or code is None else (version, kind, code)


def _version(observation: Observation) -> int | None:
    return observation.target.address.version if observation.target else None


def _count(value: object) -> int | None:
    """A whole number, where there is one: a saved report may hold anything."""
    return value if isinstance(value, int) else None


def _words(value: object) -> list[str]:
    return [str(word) for word in value] if isinstance(value, list) else []
