"""What fares otherwise when it is asked as a product asks: pure.

One address of a subject was looked at: what was seen there goes for all of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.diagnosis.conditions import ways
from nimnetcheck.failures import HELLO_LOST
from nimnetcheck.model import Outcome

if TYPE_CHECKING:
    from nimnetcheck.diagnosis.context import Context
    from nimnetcheck.model import Observation


def is_hello_split(observation: Observation, context: Context) -> bool:
    """A long ClientHello is lost and a short one is answered, whichever of the two the probe's own was."""
    return any(
        control.failure in HELLO_LOST if observation.outcome is Outcome.PASSED else control.outcome is Outcome.PASSED
        for control in _otherwise(observation, context, "hello")
    )


def hellos(observation: Observation, context: Context) -> str:
    """How either length fared."""
    lines = (
        f"a ClientHello of {ways.number(control, 'hello_octets')} octets: {_fared(control)}; "
        f"of {ways.number(observation, 'hello_octets')}: {_fared(observation)}"
        for control in _otherwise(observation, context, "hello")
    )
    return next(lines, "")


def is_http2_broken(observation: Observation, context: Context) -> bool:
    """HTTP/2 is agreed on and comes to nothing, or the offer of it does; over HTTP/1.1 there is an answer."""
    return observation.outcome is Outcome.PASSED and any(_otherwise(observation, context, "alpn"))


def http2(observation: Observation, context: Context) -> str:
    """How far HTTP/2 came."""
    lines = (
        f"{'HTTP/2 is agreed on' if control.evidence.get('alpn') == 'h2' else 'HTTP/2 is offered'}: {_fared(control)}; "
        "without the offer: answered"
        for control in _otherwise(observation, context, "alpn")
    )
    return next(lines, "")


def _otherwise(observation: Observation, context: Context, changed: str) -> tuple[Observation, ...]:
    """The looks that changed this and fared otherwise, as the unchanged did again when it was tried in between."""
    usual = str(observation.failure or Outcome.PASSED)
    return tuple(
        control
        for control in context.controls_of(observation.subject, changed)
        if control.evidence.get("unchanged") == usual and control.outcome is not observation.outcome
    )


def _fared(observation: Observation) -> str:
    return str(observation.failure or "answered").replace("_", " ")
