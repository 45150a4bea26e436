"""Who answers at port 53: the question again, with a hop limit that is too small to get to the resolver.

It is answered from where a router only passes on what goes to the resolver's other ports, and a question to somebody
far away (`--control`) is answered there as well: then whoever is there answers them all.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import attrs
import dns.message

from nimnetcheck.failures import WireError
from nimnetcheck.model import Failure, Rung
from nimnetcheck.net import DeadlineError
from nimnetcheck.probe.controls.names import HIJACKED, by_name, leads_inside
from nimnetcheck.probe.controls.note import Control
from nimnetcheck.probe.controls.walk import Hop, Said, evidence, go, of_error
from nimnetcheck.probe.dns import TYPES
from nimnetcheck.probe.dns_transport import Ignored, by_udp
from nimnetcheck.probe.local import first_router
from nimnetcheck.probe.resolvers import configured

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nimnetcheck.model import Endpoint, Observation
    from nimnetcheck.net import Steps
    from nimnetcheck.probe.attempt import Setup
    from nimnetcheck.probe.dns_transport import Resolver
    from nimnetcheck.probe.elsewhere import Elsewhere

FARTHEST = 3  # behind that, the ways of two datagrams to one host may differ in length
OTHER_PORT = 33434  # traceroute's first: nobody serves there
NEGATIVE = frozenset({Failure.DNS_NXDOMAIN, Failure.DNS_NO_DATA, Failure.DNS_SERVFAIL, Failure.DNS_REFUSED})


@attrs.frozen
class Beside:
    """Where the same datagram goes, what is `changed` in that, and what `tells` that it is worth while to go on."""

    changed: str
    to: Resolver
    tells: Said


def plan(endpoint: Endpoint, seen: Sequence[Observation], setup: Setup) -> Iterator[Steps[tuple[Observation, ...]]]:
    """Ask again from nearer where an answer is doubted, at each resolver."""
    for host, about in by_name(seen).items():
        if doubted(about, seen):
            for resolver in setup.world.resolvers or configured():
                yield _look(endpoint, host, resolver, setup)


def doubted(asked: Sequence[Observation], seen: Sequence[Observation]) -> bool:
    """Whether an answer about one name may be somebody else's than the resolver's; pure."""
    own = [one for one in asked if not one.evidence.get("proxy")]  # a proxy's name and address may well be private
    return (
        any(one.failure in NEGATIVE for one in own)
        or leads_inside(own)
        or (any(one.evidence.get("unlisted") for one in own) and any(one.failure in HIJACKED for one in seen))
    )


def _look(endpoint: Endpoint, host: str, resolver: Resolver, setup: Setup) -> Steps[tuple[Observation, ...]]:
    """Nothing where no router has a part in it: the resolver is on a link of this host, is the router, or is here."""
    if first_router(resolver[0]) in (None, resolver[0]):
        return ()
    control = partial(Control, endpoint=endpoint, rung=Rung.DNS, setup=setup)
    step = partial(_step, dns.message.make_query(host, TYPES[setup.options.versions[0]]))
    begun = control(title=f"Walk of the question about {host} to {resolver[0]}", changed="question hops")
    hops = yield from go(partial(step, resolver), begun.until_s, FARTHEST)
    seen = [_note(begun, resolver, resolver, hops)]
    for beside in comparisons(resolver, setup.options.elsewhere) if hops and hops[-1].said is Said.ANSWERED else ():
        begun = control(title=f"The same, as far, to {beside.to[0]} port {beside.to[1]}", changed=beside.changed)
        hop = yield from step(beside.to, hops[-1].limit, begun.until_s)
        seen.append(_note(begun, resolver, beside.to, (hop,)))
        if hop.said is not beside.tells:
            break
    return tuple(seen)


def comparisons(resolver: Resolver, elsewhere: Elsewhere) -> Iterator[Beside]:
    """What tells who answered: is it the resolver's host, and does it answer for everybody? Pure."""
    address, port = resolver
    yield Beside("question port", (address, OTHER_PORT), Said.PASSED_ON)
    other = elsewhere.address(address.version)
    if other and other != address:
        yield Beside("question host", (other, port), Said.ANSWERED)


def _note(begun: Control, resolver: Resolver, to: Resolver, hops: Sequence[Hop]) -> Observation:
    return begun.note({"at": str(resolver[0]), "address": str(to[0]), **evidence(hops, to[1])})


def _step(query: dns.message.Message, to: Resolver, limit: int, until: float) -> Steps[Hop]:
    """The question, and no farther than so many hops."""
    try:
        yield from by_udp(query, to, until, Ignored(), hops=limit)
    except WireError as error:
        return of_error(limit, error)
    except DeadlineError:
        return Hop(limit=limit, said=Said.UNFINISHED)
    except TimeoutError:
        return Hop(limit=limit, said=Said.SILENT)
    except OSError as error:  # no socket to be had
        return Hop(limit=limit, said=Said.NOT_SENT, detail=str(error.strerror))
    return Hop(limit=limit, said=Said.ANSWERED)
