"""A walk of the ClientHello alone: the connection stands, and after which router does the name (SNI) get no further.

The kernel says that an ICMP message came for a connection that stands, and not from whom: hops are counted.
"""

from __future__ import annotations

import socket
import struct
from functools import partial
from typing import TYPE_CHECKING

from nimnetcheck.failures import LateError, WireError
from nimnetcheck.model import Rung
from nimnetcheck.net import DeadlineError
from nimnetcheck.net.sockets import limit_hops
from nimnetcheck.net.stream import connect
from nimnetcheck.probe.controls.note import Control
from nimnetcheck.probe.controls.walk import Hop, Said, evidence, go, of_error
from nimnetcheck.probe.tls_stream import first_flight

if TYPE_CHECKING:
    from nimnetcheck.model import Observation, Target
    from nimnetcheck.net import Steps
    from nimnetcheck.net.stream import Stream
    from nimnetcheck.probe.attempt import Attempt

UNLIMITED = -1
AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: a RST, and what was not delivered is dropped


def hello_walk(attempt: Attempt) -> Steps[Observation]:
    """Where the ClientHello for the endpoint's name ends, at an address that takes connections."""
    target = attempt.target
    control = Control(
        endpoint=attempt.endpoint,
        rung=Rung.TLS,
        title=f"Walk of the ClientHello to {target}",
        changed="hello hops",
        setup=attempt.setup,
        target=target,
    )
    hello = first_flight(attempt.setup.trust.blind, target.host)
    hops = yield from go(partial(_step, target, hello), control.until_s)
    return control.note({"address": str(target.address), **evidence(hops, target.port)})


def _step(target: Target, hello: bytes, limit: int, until: float) -> Steps[Hop]:
    """A connection without a limit, and behind it the ClientHello with one."""
    stream = None
    try:
        stream = yield from connect(target.address, target.port, until)
        return (yield from _say(stream, target, hello, limit, until))
    except (LateError, DeadlineError, OSError):
        return Hop(limit=limit, said=Said.UNFINISHED)  # the connection itself did not come up
    finally:
        if stream:
            _end(stream, target)


def _say(stream: Stream, target: Target, hello: bytes, limit: int, until: float) -> Steps[Hop]:
    limit_hops(stream.sock, target.address.version, limit)
    try:
        yield from stream.send(hello, until)
        data = yield from stream.receive(until)
    except LateError:
        return Hop(limit=limit, said=Said.SILENT)
    except WireError as error:
        return of_error(limit, error)
    return Hop(limit=limit, said=Said.ANSWERED if data else Said.CLOSED)


def _end(stream: Stream, target: Target) -> None:
    """The far end hears that it is over, and not the ClientHello, which would else be sent again without a limit."""
    limit_hops(stream.sock, target.address.version, UNLIMITED)
    stream.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
    stream.close()
