"""An entry is a value: what it does not say has a careful default."""

from __future__ import annotations

from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Confidence, Severity


def test_an_entry_claims_no_more_than_it_says() -> None:
    entry = Diagnosis(code="a.b", title="", explanation="", action="")
    assert entry.confidence is Confidence.LIKELY
    assert entry.severity is Severity.ERROR
    assert (entry.when, entry.scope, entry.hidden_by) == (None, None, ())
    assert hash(entry) == hash(Diagnosis(code="a.b", title="", explanation="", action=""))
