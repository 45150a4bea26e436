"""Whether connections fare differently by the user who makes them; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.model import Outcome, Rung

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.diagnosis.context import Context
    from nimnetcheck.model import Observation

CONNECTED = "connected"
OWNER = ("skuid", "skgid", "-m owner")


def differs(observation: Observation, context: Context) -> bool:
    """The same as a service's user ended otherwise; or the rule that the kernel named asks who sends.

    Such a rule may take in everybody: where users were tried, one of them must have fared otherwise.
    """
    rule = observation.evidence.get("rule")
    if isinstance(rule, dict) and observation.outcome is Outcome.FAILED:
        tried = [one for one in context.observations if one.control and one.evidence.get("changed") == "user"]
        asks = any(word in str(rule.get("text", "")) for word in OWNER)
        return asks and (not tried or any(_is_unlike(one) for one in tried))
    return any(True for _ in _unlike(observation, context))


def fates(observation: Observation, context: Context) -> str:
    """How each fared."""
    said = []
    for control in _unlike(observation, context):
        became = str(control.failure).replace("_", " ") if control.failure else CONNECTED
        own = str(control.evidence["as_caller"]).replace("_", " ")
        said.append(f"as {control.evidence.get('user')}: {became}; as this run's user: {own}")
    return "; ".join(dict.fromkeys(said))


def _unlike(observation: Observation, context: Context) -> Iterator[Observation]:
    """The controls in which a user fared otherwise than this run's, at an address that fared as this one did."""
    if observation.rung is not Rung.TCP or observation.target is None:
        return
    for control in context.controls_of(observation.subject, "user"):
        alike = any(_fate(one) == _fate(observation) for one in context.of_target(control) if one.rung is Rung.TCP)
        own_is_as_it_was = _own_connects(control) is (observation.outcome is Outcome.PASSED)
        if alike and own_is_as_it_was and _is_unlike(control):
            yield control


def _is_unlike(control: Observation) -> bool:
    return bool(control.evidence.get("as_caller")) and _own_connects(control) is (control.outcome is Outcome.FAILED)


def _own_connects(control: Observation) -> bool:
    return control.evidence.get("as_caller") == CONNECTED


def _fate(one: Observation) -> tuple[object, ...]:
    return one.outcome, one.failure, one.target.address.version if one.target else None
