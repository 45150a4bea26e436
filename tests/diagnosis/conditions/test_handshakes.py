"""What tells handshakes apart: each condition with what makes it true, and with its look-alike."""

from __future__ import annotations

import pytest

from nimnetcheck.diagnosis.conditions import handshakes
from nimnetcheck.diagnosis.context import Context
from nimnetcheck.model import Failure, Observation, Rung
from tests.diagnosis.seen import seen

AT = "3.135.72.139"
LEAF = {"issuer": "CN=x,O=Middle Box", "issued_by": "Middle Box", "self_issued": False, "logged": False}


def shaken(failure: Failure | None = None, changed: str = "", **evidence: object) -> Observation:
    return seen("usage", AT, failure, Rung.TLS, changed=changed, evidence=evidence)


def context(*observations: Observation) -> Context:
    return Context(observations=observations)


def test_a_filter_by_name_lets_another_name_by() -> None:
    silent = shaken(Failure.TLS_TIMEOUT)
    refused = shaken(Failure.TLS_ALERT, "server-name", alert={"number": 112, "name": "unrecognized_name"})
    for control in (shaken(changed="server-name"), refused):
        assert handshakes.other_name_answered(silent, context(silent, control))
    alike = shaken(Failure.TLS_TIMEOUT, "server-name")
    assert not handshakes.other_name_answered(silent, context(silent, alike))
    assert handshakes.other_name_failed_alike(silent, context(silent, alike))
    assert not handshakes.other_name_failed_alike(silent, context(silent))


@pytest.mark.parametrize(
    ("failure", "number", "spoken", "version", "cipher"),
    [
        (Failure.TLS_VERSION, None, None, True, False),
        (Failure.TLS_ALERT, 70, None, True, False),
        (Failure.TLS_ALERT, 40, "TLSv1", True, True),
        (Failure.TLS_ALERT, 40, "TLSv1.2", False, True),
        (Failure.TLS_ALERT, 112, None, False, False),
    ],
)
def test_version_and_cipher(
    failure: Failure, number: int | None, spoken: str | None, *, version: bool, cipher: bool
) -> None:
    refused = shaken(failure, alert={"number": number})
    around = context(refused, shaken(changed="version", version=spoken))
    assert handshakes.is_version(refused, around) is version
    assert handshakes.is_cipher(refused, around) is cipher
    assert handshakes.is_unrecognised(refused, around) is (number == 112)
    assert not handshakes.is_denied(refused, around)


@pytest.mark.parametrize(
    ("failure", "number", "version", "cipher", "here"),
    [
        (Failure.TLS_ALERT, 70, "TLSv1.3", "TLS_AES_256_GCM_SHA384", True),
        (Failure.TLS_ALERT, 70, "TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256", True),
        (Failure.TLS_VERSION, None, "TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256", True),
        (Failure.TLS_ALERT, 40, "TLSv1.2", "ECDHE-ECDSA-AES256-GCM-SHA384", True),
        (Failure.TLS_ALERT, 70, "TLSv1.1", "ECDHE-RSA-AES128-SHA", False),  # an old server
        (Failure.TLS_ALERT, 40, "TLSv1.2", "ECDHE-ECDSA-AES128-SHA", False),  # a server with old ciphers
        (Failure.TLS_ALERT, 112, "TLSv1.3", "TLS_AES_256_GCM_SHA384", False),  # it was about the name
        (Failure.TLS_ALERT, 70, None, None, False),
    ],
)
def test_this_hosts_own_rules_are_the_cause_where_without_them_both_sides_agree_on_what_is_usual(
    failure: Failure, number: int | None, version: str | None, cipher: str | None, *, here: bool
) -> None:
    refused = shaken(failure, alert={"number": number})
    control = shaken(None if version else failure, "version", version=version, cipher=cipher)
    assert handshakes.is_refused_here(refused, context(refused, control)) is here
    assert not handshakes.is_refused_here(refused, context(refused))


def test_a_connection_that_says_nothing_tells_a_reset_from_an_answer_to_the_hello() -> None:
    reset = shaken(Failure.TLS_RESET)
    for ended in (shaken(Failure.TCP_RESET, "first"), shaken(changed="first", said="", closed=True)):
        assert handshakes.ended_unspoken_to(reset, context(reset, ended))
    for held in (shaken(changed="first", said="", closed=False), shaken(Failure.TCP_TIMEOUT, "first")):
        assert not handshakes.ended_unspoken_to(reset, context(reset, held))
    assert not handshakes.ended_unspoken_to(reset, context(reset))


def test_a_foreign_authority_is_what_no_innocent_reason_explains() -> None:
    foreign = shaken(Failure.TLS_UNTRUSTED, verify_code=20, chain=[LEAF], authorities=140)
    assert handshakes.is_foreign(foreign, context(foreign))
    assert not handshakes.is_foreign(foreign, context(foreign, shaken(changed="store")))
    for innocent in (
        {"authorities": 0},
        {"verify_code": 18},
        {"public_issuer": True},
        {"chain": [{**LEAF, "logged": True}]},
    ):
        other = shaken(Failure.TLS_UNTRUSTED, "", **{**foreign.evidence, **innocent})
        assert not handshakes.is_foreign(other, context(other)), innocent


def test_an_intermediate_is_missing_only_where_none_was_sent() -> None:
    evidence = {"verify_code": 20, "public_issuer": True, "chain": [LEAF]}
    assert handshakes.lacks_intermediate(shaken(Failure.TLS_UNTRUSTED, "", **evidence), context())
    for other in ({"chain": [LEAF, LEAF]}, {"verify_code": 19}, {"public_issuer": False}):
        assert not handshakes.lacks_intermediate(shaken(Failure.TLS_UNTRUSTED, "", **{**evidence, **other}), context())


def test_a_trusted_chain_is_foreign_unless_a_public_log_took_it() -> None:
    refused = shaken(Failure.TLS_UNTRUSTED, "store", verify_code=19)
    trusted = shaken(chain=[LEAF])
    assert handshakes.is_foreign_and_trusted(trusted, context(trusted, refused))
    assert not handshakes.is_foreign_and_trusted(trusted, context(trusted))
    logged = shaken(chain=[{**LEAF, "logged": True}])
    assert not handshakes.is_foreign_and_trusted(logged, context(logged, refused))
