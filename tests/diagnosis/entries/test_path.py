"""Hangs behind a connection: the laboratory makes each of them; here is what is said without a closer look."""

from __future__ import annotations

from nimnetcheck.diagnosis.entries import BY_CODE
from nimnetcheck.model import Failure, Rung
from tests.diagnosis.conditions.looked import sized
from tests.diagnosis.seen import seen
from tests.diagnosis.told import code

HUNG = seen("usage", "3.135.72.139", Failure.UPLOAD_STALLED, Rung.PATH, evidence={"unacked": 4})


def test_a_stalled_upload_alone_names_both_causes_it_can_have() -> None:
    assert code(HUNG) == "upload.stalled"
    assert {name.strip("`") for name in BY_CODE["upload.stalled"].alternatives} <= set(BY_CODE)


def test_a_second_try_tells_them_apart() -> None:
    assert code(HUNG, sized(None, 1000, Rung.PATH)) == "mtu.blackhole-out"
    assert code(HUNG, sized(Failure.UPLOAD_STALLED, 1000, Rung.PATH)) == "flow.killed-after-n-bytes"
