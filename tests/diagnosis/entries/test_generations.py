"""An allow-list for the other generation, a bundle that is too old, a NIM that is not trusted; and look-alikes."""

from __future__ import annotations

import attrs
import pytest

from nimnetcheck.diagnosis import diagnose, judge, warn
from nimnetcheck.model import Failure, Rung, Severity, Verdict
from tests.diagnosis.seen import seen
from tests.diagnosis.told import code

NIM = attrs.evolve(seen("host", None, rung=Rung.HOST), evidence={"product": "nim", "version": "2.22.0"})
OLD = attrs.evolve(NIM, evidence={"product": "nim", "version": "2.20.0"})
TEEM_OPEN = seen("teem", "192.0.2.2", rung=Rung.HTTP)


@pytest.mark.parametrize("failure", [Failure.TCP_TIMEOUT, Failure.ADMIN_PROHIBITED, Failure.PROXY_DENIED])
def test_an_allow_list_for_the_other_generation_is_told_from_a_filter(failure: Failure) -> None:
    shut = seen("usage", "192.0.2.1", failure)
    assert code(shut, NIM, TEEM_OPEN) == "http.wrong-endpoint-generation"
    assert code(shut, NIM) != "http.wrong-endpoint-generation"


def test_what_the_product_does_not_trust_is_a_failure_though_the_probe_passes() -> None:
    evidence = {"chain": [{"issuer": "CN=Public CA"}]}
    teem = attrs.evolve(seen("teem", "192.0.2.2", rung=Rung.TLS), evidence=evidence)
    observations = (OLD, teem, TEEM_OPEN)
    judgements = judge(observations)
    (finding,) = diagnose(observations, judgements)
    assert (finding.code, finding.severity) == ("tls.product-bundle", Severity.ERROR)
    verdicts = {one.subject: one.verdict for one in warn(judgements, (finding,))}
    assert verdicts == {"host": Verdict.PASS, "teem": Verdict.FAIL}
    assert diagnose((NIM, teem), judgements) == ()


@pytest.mark.parametrize("failure", [Failure.TLS_UNTRUSTED, Failure.TLS_WRONG_HOST])
def test_nim_s_certificate_is_told_from_f5_s(failure: Failure) -> None:
    assert code(seen("nim", "192.0.2.9", failure, Rung.TLS)) == "tls.nim-certificate"
    assert code(seen("usage", "192.0.2.1", failure, Rung.TLS)) != "tls.nim-certificate"
