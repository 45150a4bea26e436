"""Which silence is asked again with fewer options; the laboratory has an old firewall, and root."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.model import Failure, Observation, World
from nimnetcheck.probe.attempt import Options, Setup
from nimnetcheck.probe.controls.syn_options import MANNERS, plan
from tests.diagnosis.seen import seen

if TYPE_CHECKING:
    from nimnetcheck.model import Endpoint

SETUP = Setup(world=World(), options=Options())


def count(endpoint: Endpoint, *observations: Observation) -> int:
    return len(list(plan(endpoint, observations, SETUP)))


def test_silence_is_asked_once_for_each_ip_version_and_nothing_else_is(endpoint: Endpoint) -> None:
    silent = [seen("a", address, Failure.TCP_TIMEOUT) for address in ("192.0.2.1", "192.0.2.2", "2001:db8::1")]
    assert count(endpoint, *silent) == 2
    assert count(endpoint, seen("a", "192.0.2.1", Failure.TCP_REFUSED), seen("a", "192.0.2.1")) == 0
    assert count(endpoint, seen("a", "127.0.0.1", Failure.TCP_TIMEOUT)) == 0


def test_all_options_are_tried_first_since_a_limit_lets_the_first_by() -> None:
    assert next(iter(MANNERS)) == "all"
    assert list(MANNERS)[-1] == "mss alone"
