"""A certificate that does not hold has a reason, and one that holds may still be an inspector's."""

from __future__ import annotations

import pytest

from nimnetcheck.model import Failure, Observation, Rung
from tests.diagnosis.seen import seen
from tests.diagnosis.told import code

F = Failure
LEAF = {"issuer": "O=Middle Box", "issued_by": "Middle Box", "self_issued": False, "logged": False}


def shaken(failure: Failure | None = None, changed: str = "", **evidence: object) -> Observation:
    return seen("usage", "3.135.72.139", failure, Rung.TLS, changed=changed, evidence=evidence)


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (F.TLS_UNTRUSTED, "tls.intercepted-untrusted"),
        (F.TLS_EXPIRED, "tls.expired"),
        (F.TLS_NOT_YET_VALID, "tls.not-yet-valid"),
        (F.TLS_WRONG_HOST, "tls.wrong-host"),
    ],
)
def test_a_failure_alone_has_its_plain_meaning(failure: Failure, expected: str) -> None:
    assert code(shaken(failure)) == expected


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ({"authorities": 0, "verify_code": 20}, "tls.ca-store-empty"),
        ({"authorities": 99, "verify_code": 18}, "tls.self-signed"),
        ({"verify_code": 20, "public_issuer": True, "chain": [LEAF]}, "tls.intermediate-missing"),
        ({"verify_code": 20, "public_issuer": False, "chain": [LEAF]}, "tls.intercepted-untrusted"),
        ({"verify_code": 19, "chain": [LEAF, LEAF]}, "tls.intercepted-untrusted"),
    ],
)
def test_why_it_is_not_trusted(evidence: dict[str, object], expected: str) -> None:
    assert code(shaken(F.TLS_UNTRUSTED, "", **evidence)) == expected


def test_a_root_that_this_host_lacks() -> None:
    untrusted = shaken(F.TLS_UNTRUSTED, verify_code=20, authorities=3, chain=[LEAF, LEAF])
    assert code(untrusted, shaken(changed="store")) == "tls.root-missing"
    assert code(untrusted, shaken(F.TLS_UNTRUSTED, "store")) == "tls.intercepted-untrusted"


def test_inspection_is_seen_where_this_host_trusts_it() -> None:
    held = shaken(chain=[LEAF])
    assert code(held, shaken(F.TLS_UNTRUSTED, "store", verify_code=19)) == "tls.intercepted-trusted"
    assert code(held, shaken(changed="store")) is None
    assert code(held) is None
