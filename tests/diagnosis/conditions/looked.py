"""Controls of a few words, for the tests of this folder: walks, facts, repetitions, sizes, questions from nearer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.diagnosis.context import Context
from nimnetcheck.model import Failure, Rung
from tests.diagnosis.seen import seen

if TYPE_CHECKING:
    from nimnetcheck.model import Observation

AT, AT6 = "3.135.72.139", "2600:1f16:19c8:d400::1"
RESOLVER, ELSEWHERE = "10.20.53.53", "198.41.0.4"
ROUTERS = ("10.20.0.1", "198.18.0.1", "198.18.1.2")


def silent(address: str = AT, **evidence: object) -> Observation:
    """A connection that got no answer."""
    return seen("usage", address, Failure.TCP_TIMEOUT, evidence=evidence)


def walked(ended: str, at: int, changed: str = "hops", address: str = AT) -> Observation:
    """A walk that ended so at a hop, after the routers before it passed it on; silence begins there."""
    hops: list[dict[str, object]] = [
        {"limit": hop, "said": "passed on", "from": router} for hop, router in enumerate(ROUTERS[: at - 1], start=1)
    ]
    hops.append({"limit": at, "said": ended, "from": None})
    evidence = {
        "port": {"port": 80, "host and port": 53}.get(changed, 443),
        "hops": hops,
        "passed_on": at - 1,
        "ended": ended,
        "ended_at": None if ended == "silent" else at,
        "address": address,
    }
    return seen("usage", AT, None, Rung.PATH, changed=changed, evidence=evidence)


def local(**facts: object) -> Observation:
    """What this host knows of its way to the address."""
    return seen("usage", AT, None, Rung.HOST, changed="local", evidence=facts)


def to_resolver(**facts: object) -> Observation:
    """What this host knows of its way to its resolver."""
    return seen("usage", None, None, Rung.HOST, changed="resolver way", evidence=facts)


def again(at_once: str, spaced: str) -> Observation:
    """Connections made again, one letter each: + came up, - silent."""
    words = {"+": "connected", "-": "silent"}
    evidence = {"at_once": [words[mark] for mark in at_once], "spaced": [words[mark] for mark in spaced]}
    return seen("usage", AT, None, Rung.TCP, changed="times", evidence=evidence)


def sized(failure: Failure | None, segment: int, rung: Rung = Rung.TLS) -> Observation:
    """The same in smaller segments."""
    return seen("usage", AT, failure, rung, changed="segment", evidence={"segment": segment})


def nearer(
    hops: str = "answered", port: str = "passed on", host: str = "answered", router: str | None = ROUTERS[0]
) -> tuple[Observation, ...]:
    """A question from nearer than the resolver and what is compared with it, each ended so at hop 1; "" is not made."""
    ended = {"question hops": hops, "question port": port, "question host": host}
    return tuple(
        seen("usage", None, None, Rung.DNS, changed=changed, evidence={"at": RESOLVER, **_one_hop(said, router)})
        for changed, said in ended.items()
        if said
    )


def _one_hop(said: str, router: str | None) -> dict[str, object]:
    passed_on = said == "passed on"
    return {
        "address": ELSEWHERE,
        "hops": [{"limit": 1, "said": said, "from": router if passed_on else None}],
        "ended": said,
        "ended_at": None if passed_on else 1,
    }


def context(*observations: Observation) -> Context:
    """All of them in one run."""
    return Context(observations=observations)
