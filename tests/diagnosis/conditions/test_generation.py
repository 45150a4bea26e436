"""The installed version decides which endpoint is needed and which authority is accepted."""

from __future__ import annotations

import attrs
import pytest

from nimnetcheck.diagnosis.conditions.generation import (
    bundle_is_too_old,
    is_the_relay,
    nim_version,
    only_the_other_generation,
)
from nimnetcheck.diagnosis.context import Context
from nimnetcheck.model import Failure, Observation, Rung
from tests.diagnosis.seen import seen

USAGE_SHUT = seen("usage", "192.0.2.1", Failure.TCP_TIMEOUT)
USAGE_OPEN = seen("usage", "192.0.2.1", rung=Rung.HTTP)
TEEM_SHUT = seen("teem", "192.0.2.2", Failure.TCP_TIMEOUT)
TEEM_OPEN = seen("teem", "192.0.2.2", rung=Rung.HTTP)
TEEM_AS_CONTROL = seen("usage", "192.0.2.2", rung=Rung.TLS, changed="generation")


def nim(version: object) -> Observation:
    return attrs.evolve(seen("host", None, rung=Rung.HOST), evidence={"product": "nim", "version": version})


def context(*observations: Observation) -> Context:
    return Context(observations=observations)


@pytest.mark.parametrize(
    ("version", "expected"), [("2.22.0", (2, 22, 0)), ("2.22", (2, 22)), ("x", None), (5, None), ("", None)]
)
def test_the_version_is_read(version: object, expected: tuple[int, ...] | None) -> None:
    assert nim_version(context(nim(version))) == expected


@pytest.mark.parametrize(
    ("version", "observation", "others", "expected"),
    [
        ("2.22.0", USAGE_SHUT, (TEEM_OPEN,), True),
        ("2.22.0", USAGE_SHUT, (TEEM_AS_CONTROL,), True),
        ("2.21.0", TEEM_SHUT, (USAGE_OPEN,), True),
        ("2.22.0", USAGE_SHUT, (TEEM_SHUT,), False),
        ("2.21.0", USAGE_SHUT, (TEEM_OPEN,), False),
        ("2.22.0", USAGE_SHUT, (TEEM_OPEN, USAGE_OPEN), False),
    ],
)
def test_only_the_other_generation_is_open(
    version: str,
    observation: Observation,
    others: tuple[Observation, ...],
    expected: bool,  # noqa: FBT001 (a table's column)
) -> None:
    assert only_the_other_generation(observation, context(nim(version), observation, *others)) is expected


def test_without_a_version_no_generation_is_the_other() -> None:
    assert not only_the_other_generation(USAGE_SHUT, context(USAGE_SHUT, TEEM_OPEN))


@pytest.mark.parametrize(
    ("version", "too_old"),
    [
        ("2.17.3", True),
        ("2.18.0", True),
        ("2.18.1", False),
        ("2.19.2", True),
        ("2.19.3", False),
        ("2.20.0", True),
        ("2.20.1", False),
        ("2.21.0", False),
        ("2.22", False),
    ],
)
def test_each_branch_was_mended_with_its_own_patch(version: str, too_old: bool) -> None:  # noqa: FBT001 (a table's column)
    chain = [{"issuer": "CN=Public CA,O=Other"}]
    teem = attrs.evolve(seen("teem", "192.0.2.2", rung=Rung.TLS), evidence={"chain": chain})
    assert bundle_is_too_old(teem, context(nim(version), teem)) is too_old
    entrust = attrs.evolve(teem, evidence={"chain": [{"issuer": "CN=Entrust Certification Authority"}]})
    assert not bundle_is_too_old(entrust, context(nim(version), entrust))
    assert not bundle_is_too_old(attrs.evolve(teem, subject="usage"), context(nim(version)))
    assert not bundle_is_too_old(attrs.evolve(teem, evidence={"chain": "x"}), context(nim(version)))


def test_the_log_of_an_old_nim_tells_of_it_too() -> None:
    line = attrs.evolve(seen("logs", None, Failure.TLS_UNTRUSTED, Rung.TLS), evidence={"host": "product.apis.f5.com"})
    assert bundle_is_too_old(line, context(nim("2.20.0"), line))
    assert not bundle_is_too_old(line, context(nim("2.20.1"), line))
    assert not bundle_is_too_old(attrs.evolve(line, evidence={"host": "nim.example"}), context(nim("2.20.0")))


def test_the_relay_is_this_site_s_own_nim() -> None:
    assert is_the_relay(seen("nim", "192.0.2.9"), context())
    assert not is_the_relay(USAGE_SHUT, context())


def test_a_log_tells_of_the_relay_where_nginx_reports_to_one() -> None:
    line = seen("logs", None, Failure.TLS_UNTRUSTED, Rung.TLS)
    for directly in (True, False):
        plus = attrs.evolve(nim("x"), evidence={"product": "nginx-plus", "reports_directly": directly})
        assert is_the_relay(line, context(plus, line)) is not directly
