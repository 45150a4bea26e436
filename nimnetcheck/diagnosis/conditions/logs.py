"""Whether the products' logs and the probes of the same run agree: pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.diagnosis.context import LOGS
from nimnetcheck.model import Failure, Outcome, Rung

if TYPE_CHECKING:
    from nimnetcheck.diagnosis.context import Context
    from nimnetcheck.model import Observation


def differs_from_the_probes(observation: Observation, context: Context) -> bool:
    """A product's log and the probes of the same host contradict each other, or it is in another network namespace."""
    if observation.rung is Rung.HOST and observation.outcome is Outcome.PASSED:
        return bool(_listed(observation, "network"))
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


def what_differs(observation: Observation, context: Context) -> str:  # noqa: ARG001 (a proof)
    """What is known to differ between this run and the products: namespaces, trust stores, proxies."""
    own = context.of_rung(Rung.HOST)
    found = [words for seen in own for kind in ("network", "store") for words in _listed(seen, kind)]
    found += [seen.detail for seen in own if seen.failure is Failure.PROXY_CONFIG_DRIFT]
    return f"known to differ: {'; '.join(found)}" if found else ""


def _listed(seen: Observation, key: str) -> list[str]:
    value = seen.evidence.get(key)
    return [str(words) for words in value] if isinstance(value, list) else []
