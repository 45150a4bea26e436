"""What silence and refusals say: to whom else, after which router, how often; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.diagnosis.conditions import ways

if TYPE_CHECKING:
    from nimnetcheck.diagnosis.context import Context
    from nimnetcheck.model import Observation

GOOD = "connected"
SIX = 6


def rationed(observation: Observation, context: Context) -> bool:
    """Of many at once the first get through and the rest do not; with pauses between them all do."""
    at_once, spaced = ways.times(observation, context)
    first = next((index for index, said in enumerate(at_once) if said != GOOD), len(at_once))
    return (
        len(spaced) > 1
        and set(spaced) == {GOOD}
        and first < len(at_once)
        and all(said != GOOD for said in at_once[first:])
    )


def lossy(observation: Observation, context: Context) -> bool:
    """The same connection comes up or does not, by chance."""
    at_once, spaced = ways.times(observation, context)
    said = [*at_once, *spaced]
    return GOOD in said and "silent" in said and not rationed(observation, context)


def odds(observation: Observation, context: Context) -> str:
    """How often the same connection came up."""
    at_once, spaced = ways.times(observation, context)
    if not at_once:
        return ""
    words = f"{list(at_once).count(GOOD)} of {len(at_once)} connections made at once came up"
    return f"{words}, {list(spaced).count(GOOD)} of {len(spaced)} made with pauses" if spaced else words


def only_ipv6(observation: Observation, context: Context) -> bool:
    """IPv6 fails where IPv4 to the same name is fine."""
    target = observation.target
    return target is not None and target.address.version == SIX and ways.reached(observation, context, version=4)


def no_egress(observation: Observation, context: Context) -> bool:
    """The walks to this host, to another port and to two ports of somebody else are all lost at the same place."""
    plain, others = ways.walk(observation, context), ways.others(observation, context)
    everywhere = bool(ways.evidence(observation, context, "host and port"))
    return (
        plain is not None
        and everywhere
        and all(other.silent and other.passed_on == plain.passed_on for other in (plain, *others))
    )


def some_addresses(observation: Observation, context: Context) -> bool:
    """Other addresses of the same name take connections."""
    return observation.target is not None and observation.target.host is not None and ways.reached(observation, context)


def at_the_far_end(observation: Observation, context: Context) -> bool:
    """Packets were passed on by the last router before the host, whose distance another port or host shows."""
    plain = ways.walk(observation, context)
    port = ways.walk(observation, context, "port")
    return plain is not None and port is not None and plain.silent and port.ended_at == plain.passed_on + 1


def refused_on_the_way(observation: Observation, context: Context) -> bool:
    """The RST comes from a hop that passes other packets on."""
    plain = ways.walk(observation, context)
    if plain is None or plain.ended != "refused" or plain.ended_at is None:
        return False
    port = ways.walk(observation, context, "port")
    return port is not None and max(port.passed_on, (port.ended_at or 1) - 1) >= plain.ended_at
