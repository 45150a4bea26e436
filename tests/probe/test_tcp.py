"""The TCP rung: a connection, or the reason why there is none."""

from __future__ import annotations

import re
import socket
from ipaddress import ip_network
from typing import TYPE_CHECKING

import attrs

from nimnetcheck import probe
from nimnetcheck.model import Failure, Outcome, Rung, World

if TYPE_CHECKING:
    from nimnetcheck.model import Endpoint
    from tests.probe.conftest import Bench


def test_a_connection_passes_with_tcps_own_numbers(bench: Bench, endpoint: Endpoint) -> None:
    first, *_ = (one for one in probe.run([endpoint], bench.world(bench.listen(bench.silent)), QUICK) if one.target)
    assert (first.rung, first.outcome) == (Rung.TCP, Outcome.PASSED)
    assert first.evidence["retransmits"] == 0
    assert str(first.target) == "127.0.0.1:443"


def test_a_closed_port_is_refused(endpoint: Endpoint) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    alone = attrs.evolve(endpoint, host=None, networks=(ip_network("127.0.0.1"),), port=port)
    first, *_ = probe.run([alone], World())
    assert first.failure is Failure.TCP_REFUSED
    assert first.detail == "Connection refused"


QUICK = probe.Options(timeout_s=0.3)


def test_where_it_was_sent_from_is_told_whatever_came_of_it(endpoint: Endpoint) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        here = attrs.evolve(endpoint, host=None, networks=(ip_network("127.0.0.1"),), port=server.getsockname()[1])
        held, *_ = probe.run([here], World(), QUICK)
        accepted, (address, port) = server.accept()
        accepted.close()
    refused, *_ = probe.run([here], World(), QUICK)
    assert held.evidence["source"] == f"{address}:{port}"
    assert refused.failure is Failure.TCP_REFUSED
    assert re.fullmatch(r"127\.0\.0\.1:\d{4,5}", str(refused.evidence["source"]))
