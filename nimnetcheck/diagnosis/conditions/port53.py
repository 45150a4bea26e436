"""Whether a wrong answer of DNS is the resolver's, or of somebody nearer who takes what goes to its port: pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nimnetcheck.diagnosis.conditions import names, ways
from nimnetcheck.model import Rung

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimnetcheck.diagnosis.context import Context
    from nimnetcheck.model import Observation

CHANGED = ("question hops", "question port", "question host")
ANSWERED = "answered"


def is_intercepted(observation: Observation, context: Context) -> bool:
    """Somebody nearer than the resolver said so: that the name has no address, or one where the vendor is not."""
    return bool(proof(observation, context))


def proof(observation: Observation, context: Context) -> str:
    """Which questions were answered how far from here, and who is there."""
    for answer in _answers(observation, context):
        resolver = str(answer.evidence.get("resolver", "")).partition(" ")[0]
        asked, port, host = (_look(observation, context, changed, resolver) for changed in CHANGED)
        limit = asked.get("ended_at") if asked.get("ended") == ANSWERED else None
        router = _router(port, limit)
        if limit and router not in ("", resolver) and host.get("ended") == ANSWERED:
            return (
                f"questions to {resolver} and to {host.get('address')} that may go no farther than {router} "
                f"(hop {limit}) are answered there; it passes on what goes to another port of {resolver}"
            )
    return ""


def _answers(observation: Observation, context: Context) -> tuple[Observation, ...]:
    """The answers that are at fault for what failed."""
    if observation.rung is Rung.DNS:
        return () if observation.evidence.get("proxy") else (observation,)
    if names.leads_to_sinkhole(observation, context) or (
        observation.failure in names.SOMEBODY_ELSE and names.leads_elsewhere(observation, context)
    ):
        return tuple(names.led_by(observation, context))
    return ()


def _look(observation: Observation, context: Context, changed: str, resolver: str) -> Mapping[str, Any]:
    """What the closer look at a resolver saw that changed this; or nothing."""
    found = (one.evidence for one in context.controls_of(observation.subject, changed))
    return next((one for one in found if one.get("at") == resolver), {})


def _router(evidence: Mapping[str, Any], limit: object) -> str:
    """The router that passed a datagram on at that hop, where one said so."""
    walk = ways.read(evidence)
    return walk.routers.get(limit, "") if walk and isinstance(limit, int) else ""
