"""Whose connections are compared at which address; rules that ask who sends are the laboratory's."""

from __future__ import annotations

import os
import socket
from ipaddress import ip_address

import attrs
import pytest

from nimnetcheck.model import Endpoint, Failure, Observation, Outcome, Rung, Target, World
from nimnetcheck.net import drive
from nimnetcheck.net.as_user import User
from nimnetcheck.probe.attempt import Options, Setup
from nimnetcheck.probe.controls.users import chosen, plan

NOBODY = User(name="nobody", uid=65534, gid=65534)


def tried(address: str, failure: Failure | None = None, port: int = 443) -> Observation:
    return Observation(
        subject="usage",
        rung=Rung.TCP,
        title="TCP",
        outcome=Outcome.FAILED if failure else Outcome.PASSED,
        failure=failure,
        target=Target(address=ip_address(address), port=port),
    )


def look(endpoint: Endpoint, seen: Observation, *users: User) -> list[Observation]:
    setup = Setup(world=World(), options=Options(timeout_s=2.0, users=users))
    return [one for steps in plan(endpoint, [seen], setup) for one in drive(steps, 9.0)]


def test_one_address_of_each_version_that_took_a_connection_if_any_did() -> None:
    silent, good, six = (
        tried("192.0.2.1", Failure.TCP_TIMEOUT),
        tried("192.0.2.2"),
        tried("2001:db8::1", Failure.NO_ROUTE),
    )
    assert set(chosen([silent, good, six])) == {good.target, six.target}
    assert chosen([silent]) == (silent.target,)
    assert chosen([attrs.evolve(good, rung=Rung.TLS)]) == ()


def test_nothing_is_tried_as_nobody_s_user_or_against_an_emulator(endpoint: Endpoint) -> None:
    good = tried("192.0.2.2")
    assert good.target
    emulated = attrs.evolve(good, target=attrs.evolve(good.target, dial=(ip_address("127.0.0.1"), 1)))
    assert look(endpoint, good) == look(endpoint, emulated, NOBODY) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_what_became_of_both_is_told(endpoint: Endpoint) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        (good,) = look(endpoint, tried("127.0.0.1", port=port), NOBODY)
    assert (good.control, good.outcome, good.failure) == (True, Outcome.PASSED, None)
    assert dict(good.evidence) == {"changed": "user", "user": "nobody", "uid": 65534, "as_caller": "connected"}
    (shut,) = look(endpoint, tried("127.0.0.1", port=port), NOBODY)
    assert (shut.failure, shut.evidence["as_caller"]) == (Failure.TCP_REFUSED, "tcp_refused")
