"""The way to an endpoint as stations in their order, with the place where it ends; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from nimnetcheck.model import Outcome, Rung, Verdict
from nimnetcheck.report.places import Place, State, broken, states
from nimnetcheck.report.subjects import by_subject
from nimnetcheck.report.walks import SAME_WAY, walks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nimnetcheck.model import Judgement, Observation, Report, Target

ON_THE_WAY = (Rung.DNS, Rung.TCP, Rung.PATH, Rung.PROXY, Rung.TLS, Rung.HTTP)


@attrs.frozen(kw_only=True)
class Station:
    """One place on the way: its name, what is known of it, what shows that."""

    place: Place
    name: str
    state: State
    words: str = ""
    rule: str = ""
    hops: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Picture:
    """The way to one endpoint, as one of its targets shows it."""

    judgement: Judgement
    shown: str
    stations: tuple[Station, ...]

    @property
    def words(self) -> str:
        """The picture in one sentence, for who cannot see it."""
        return ", then ".join(f"{each.place} {each.name}".rstrip() + f": {each.state}" for each in self.stations)


def pictures(report: Report) -> tuple[Picture, ...]:
    """A picture for each endpoint that was probed, in the order of the judgements."""
    subjects = by_subject(seen for seen in report.observations if seen.rung in ON_THE_WAY)
    drawn = (_draw(report, judgement, subjects.get(judgement.subject, [])) for judgement in report.judgements)
    return tuple(picture for picture in drawn if picture)


def _draw(report: Report, judgement: Judgement, all_seen: Sequence[Observation]) -> Picture | None:
    seen = [observation for observation in all_seen if not observation.control]
    if not any(observation.outcome is not Outcome.SKIPPED for observation in seen):
        return None
    target, ladder = _choose(seen, broken=judgement.verdict is not Verdict.PASS)
    walked = [walk for walk in walks(all_seen) if walk.target == target and walk.changed == SAME_WAY]
    findings = [finding for finding in report.findings if judgement.subject in finding.subjects]
    known = states(ladder, findings, left=any(walk.left for walk in walked))
    stations = tuple(
        Station(
            place=place,
            name=_name(place, report, ladder),
            state=known[place],
            words=_words(place, known[place], ladder),
            rule=blocking_rule(ladder) if place is Place.LOCAL else "",
            hops=walked[0].words if walked and place is Place.NETWORK else (),
        )
        for place in _places(ladder)
    )
    return Picture(judgement=judgement, shown=_shown(target, seen), stations=stations)


def _choose(seen: Sequence[Observation], *, broken: bool) -> tuple[Target | None, list[Observation]]:
    """The target that shows most: one that fails where something does; with the look-up that led there."""
    names = [observation for observation in seen if observation.target is None]
    ladders: dict[Target, list[Observation]] = {}
    for observation in seen:
        if observation.target:
            ladders.setdefault(observation.target, []).append(observation)
    failing = [target for target, ladder in ladders.items() if any(rung.failure for rung in ladder)]
    target = next(iter(failing if broken and failing else ladders), None)
    return target, [*names, *(ladders[target] if target else ())]


def _places(ladder: Iterable[Observation]) -> tuple[Place, ...]:
    rungs = {observation.rung for observation in ladder}
    optional = {Place.RESOLVER: Rung.DNS, Place.PROXY: Rung.PROXY}
    return tuple(place for place in Place if optional.get(place, Rung.TCP) in rungs or place not in optional)


def _name(place: Place, report: Report, ladder: Sequence[Observation]) -> str:
    if place is Place.HOST:
        return report.host
    if place is Place.RESOLVER:
        return str(next((o.evidence["resolver"] for o in ladder if o.evidence.get("resolver")), ""))
    if place is Place.VENDOR:
        target = ladder[-1].target
        return (target.host or str(target)) if target else ""
    return _sender(ladder) if place is Place.NETWORK else ""


def _sender(ladder: Iterable[Observation]) -> str:
    """Who sent the ICMP message that ended it."""
    icmp = (observation.evidence.get("icmp") for observation in ladder)
    return next((str(message["sender"]) for message in icmp if isinstance(message, dict) and message.get("sender")), "")


def _words(place: Place, state: State, ladder: Sequence[Observation]) -> str:
    """What shows the state: the failure where it ends, what was proven where it does not."""
    ending = broken(ladder)
    if ending and state in (State.ENDS, State.SUSPECT):
        failure = str(ending.failure).replace("_", " ")
        return f"{failure}: {ending.detail}" if ending.detail else failure
    if state is not State.PROVEN:
        return ""
    if place is Place.RESOLVER:
        given = sum(_given(observation) for observation in ladder)
        return "1 address" if given == 1 else f"{given} addresses"
    rung = {Place.LOCAL: Rung.TCP, Place.PROXY: Rung.PROXY, Place.NETWORK: Rung.TLS, Place.VENDOR: Rung.HTTP}.get(place)
    passed = next((o for o in ladder if o.rung is rung and o.outcome is Outcome.PASSED), None)
    return f"{passed.rung.upper()} {passed.detail}".strip() if passed else ""


def _given(observation: Observation) -> int:
    addresses = observation.evidence.get("addresses")
    return len(addresses) if isinstance(addresses, list) else 0


def blocking_rule(ladder: Iterable[Observation]) -> str:
    """The rule of this host that stops the packets, and where it stands."""
    for observation in ladder:
        rule = observation.evidence.get("rule")
        if observation.failure and isinstance(rule, dict):
            where = " ".join(str(rule.get(part) or "") for part in ("firewall", "family", "table", "chain"))
            return f"# {where}, rule {rule.get('number') or 'policy'}\n{rule.get('text') or observation.detail}"
    return ""


def _shown(target: Target | None, seen: Iterable[Observation]) -> str:
    seen = tuple(seen)
    others = {observation.target for observation in seen if observation.target} - {target}
    if target is None:
        return "as the kernel judged it" if any("kernel" in o.evidence for o in seen) else "no address was found"
    return f"as seen to {target}" + (f", one of {len(others) + 1} addresses" if others else "")
