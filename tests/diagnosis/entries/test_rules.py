"""Rules of an older release are told from rules that never named the address, and from a name that leads astray."""

from __future__ import annotations

from nimnetcheck.model import Failure, Rung, Severity
from nimnetcheck.report import saved
from tests.diagnosis.seen import seen
from tests.diagnosis.told import code
from tests.lab import golden

LACKING = seen("host", None, Failure.RULES_STALE, Rung.HOST, evidence={"lacks": ["192.0.2.2/32"]})


def test_what_the_rules_lack_explains_what_fails_there() -> None:
    assert code(LACKING) == "rules.stale"
    silent = seen("usage", "192.0.2.2", Failure.TCP_TIMEOUT, evidence={"retransmits": 2, "resent": 0})
    assert code(silent, LACKING) == "rules.stale"
    assert code(silent) == "local.fw-drop"
    assert code(seen("usage", "192.0.2.1", Failure.TCP_TIMEOUT), LACKING) == "tcp.drop-path"


def test_root_and_the_file_tell_the_same() -> None:
    # To root the kernel says besides that this host's firewall stops it, which is a failure of the host's.
    for name, severity in (("rules.stale", Severity.WARNING), ("rules.stale.root", Severity.ERROR)):
        (found,) = saved.read(golden.path(name)).report().findings
        assert (found.code, found.severity) == ("rules.stale", severity)
        assert any("does not open 3.133.232.50/32" in line for line in found.evidence)
