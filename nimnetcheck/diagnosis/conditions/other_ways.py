"""What fares otherwise when it is asked as a product asks: pure.

One address of a subject was looked at: what was seen there goes for all of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.diagnosis.conditions import ways
from nimnetcheck.failures import HELLO_LOST
from nimnetcheck.model import Outcome
from nimnetcheck.probe.block_pages import refuses

if TYPE_CHECKING:
    from nimnetcheck.diagnosis.context import Context
    from nimnetcheck.model import Observation


def is_hello_split(observation: Observation, context: Context) -> bool:
    """A long ClientHello is lost and a short one is answered, whichever of the two the probe's own was."""
    return any(control.failure in (None, *HELLO_LOST) for control in _hellos(observation, context))


def hellos(observation: Observation, context: Context) -> str:
    """How either length fared."""
    lines = (
        f"a ClientHello of {ways.number(control, 'hello_octets')} octets: {_fared(control)}; "
        f"of {ways.number(observation, 'hello_octets')}: {_fared(observation)}"
        for control in _hellos(observation, context)
    )
    return next(lines, "")


def is_http2_broken(observation: Observation, context: Context) -> bool:
    """HTTP/2 is agreed on and comes to nothing, or the offer of it does; over HTTP/1.1 there is an answer."""
    return observation.failure is None and any(_otherwise(observation, context, "alpn", held=True))


def http2(observation: Observation, context: Context) -> str:
    """How far HTTP/2 came."""
    lines = (
        f"{'HTTP/2 is agreed on' if control.evidence.get('alpn') == 'h2' else 'HTTP/2 is offered'}: {_fared(control)}; "
        "without the offer: answered"
        for control in _otherwise(observation, context, "alpn", held=True)
    )
    return next(lines, "")


def is_product_refused(observation: Observation, context: Context) -> bool:
    """This tool is answered, and a product is refused by its User-Agent."""
    return not refuses(observation) and any(_otherwise(observation, context, "user-agent", held=True))


def is_tool_refused(observation: Observation, context: Context) -> bool:
    """This tool is refused by its User-Agent, and a product is answered."""
    return refuses(observation) and any(_otherwise(observation, context, "user-agent", held=False))


def agents(observation: Observation, context: Context) -> str:
    """How each fared, by its name."""
    held = not refuses(observation)
    names = [
        f"as {control.evidence.get('user_agent')}: {control.detail or _fared(control)}"
        for control in _otherwise(observation, context, "user-agent", held=held)
    ]
    return "; ".join((*names, f"as nimnetcheck: {observation.detail or _fared(observation)}")) if names else ""


def _hellos(observation: Observation, context: Context) -> tuple[Observation, ...]:
    return _otherwise(observation, context, "hello", held=observation.failure is None)


def _otherwise(observation: Observation, context: Context, changed: str, *, held: bool) -> tuple[Observation, ...]:
    """The looks that changed this and fared otherwise than the probe, which held or did not, and so it was again."""
    return tuple(
        control
        for control in context.controls_of(observation.subject, changed)
        if "unchanged" in control.evidence
        and (control.evidence["unchanged"] == str(Outcome.PASSED)) is held
        and (control.outcome is Outcome.PASSED) is not held
    )


def _fared(observation: Observation) -> str:
    return str(observation.failure or "answered").replace("_", " ")
