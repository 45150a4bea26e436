"""Whether the products' logs and the probes of the same run agree: pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.diagnosis.context import LOGS
from nimnetcheck.model import Outcome, Rung

if TYPE_CHECKING:
    from nimnetcheck.diagnosis.context import Context
    from nimnetcheck.model import Observation


def differs_from_the_probes(observation: Observation, context: Context) -> bool:
    """A product's log and the probes of the same host contradict each other."""
    host = observation.evidence.get("host")
    if observation.subject != LOGS or not host:
        return False
    probed = [one for one in context.observations if one.target and one.target.host == host and not one.control]
    reached = [one for one in probed if one.rung is Rung.HTTP and one.outcome is Outcome.PASSED]
    failed = [one for one in probed if one.outcome is Outcome.FAILED]
    on_the_way = observation.rung not in (Rung.SUBMIT, Rung.HOST, Rung.AUTH)
    if observation.outcome is Outcome.FAILED:
        return on_the_way and bool(reached) and not failed
    return bool(failed) and not reached
