"""The way out, looked at closer: where the direct one fails, a proxy that somebody else on this host uses."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

import attrs
import h11

from nimnetcheck.failures import classify, words
from nimnetcheck.model import Failure, Rung, Target
from nimnetcheck.net import DeadlineError
from nimnetcheck.net.stream import connect
from nimnetcheck.net.system import SystemAnswer, system_addresses
from nimnetcheck.probe.attempt import Attempt, Setup, printable, wire_evidence
from nimnetcheck.probe.controls.note import Control
from nimnetcheck.probe.proxy import answer_evidence, greet, opened, tunnel

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nimnetcheck.model import Address, Endpoint, Observation
    from nimnetcheck.net import Steps
    from nimnetcheck.probe.attempt import Proxy


def plan(endpoint: Endpoint, seen: Sequence[Observation], setup: Setup) -> Iterator[Steps[tuple[Observation, ...]]]:
    """Ask each proxy that is known and not in use for a tunnel, where no connection came up without one."""
    if endpoint.is_range or setup.proxy_for(endpoint):
        return
    if any(one.failure and one.rung in (Rung.DNS, Rung.TCP) for one in seen):
        for proxy in setup.options.unused_proxies:
            yield _try(endpoint, proxy, setup)


def _try(endpoint: Endpoint, proxy: Proxy, setup: Setup) -> Steps[tuple[Observation, ...]]:
    through = Setup(
        world=setup.world,
        options=attrs.evolve(setup.options, proxy=proxy, exempt=frozenset()),
        started_s=setup.started_s,
    )
    title = f"CONNECT {endpoint.host}:{endpoint.port} at {proxy}"
    control = Control(endpoint=endpoint, rung=Rung.PROXY, title=title, changed="way", setup=setup)
    known: dict[str, object] = {"proxy": str(proxy)}
    below = None
    try:
        address = yield from _address(proxy.host, control.until_s)
        if address is None:
            return (control.note(known, Failure.DNS_NXDOMAIN, "the proxy's name does not resolve"),)
        below = yield from connect(address, proxy.port, control.until_s)
        target = Target(address=address, port=proxy.port, host=endpoint.host)
        attempt = Attempt(endpoint=endpoint, setup=through, target=target)
        stream = yield from greet(attempt, below, control.until_s)
        answer = yield from tunnel(attempt, stream, control.until_s)
        failure = None if opened(answer) else Failure.PROXY_DENIED
        return (control.note({**known, **answer_evidence(answer)}, failure),)
    except DeadlineError:
        return (control.note(known, Failure.DEADLINE),)
    except h11.RemoteProtocolError as error:
        return (control.note(known, Failure.PROXY_NOT_A_PROXY, printable(str(error))),)
    except (OSError, EOFError) as error:
        return (control.note({**known, **wire_evidence(error)}, classify(error, Rung.PROXY), words(error)),)
    finally:
        if below:
            below.close()


def _address(host: str, until: float) -> Steps[Address | None]:
    try:
        return ip_address(host)
    except ValueError:
        answer: SystemAnswer = yield from system_addresses(host, until)
        return next(iter(answer.addresses), None)
