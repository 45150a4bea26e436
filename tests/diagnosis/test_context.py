"""A condition finds what else was seen: of its target, its subject and its run, and the controls made for it."""

from __future__ import annotations

from nimnetcheck.diagnosis.context import Context
from nimnetcheck.model import Failure, Rung
from tests.diagnosis.seen import seen

TCP = seen("a", "192.0.2.1")
TLS = seen("a", "192.0.2.1", Failure.TLS_TIMEOUT, Rung.TLS)
OTHER_ADDRESS = seen("a", "192.0.2.2")
OTHER_SUBJECT = seen("b", "192.0.2.1")
NAME = seen("a", "192.0.2.1", rung=Rung.TLS, changed="name")
SEGMENT = seen("a", "192.0.2.1", Failure.TLS_TIMEOUT, Rung.TLS, changed="segment")
ANY_TARGET = seen("a", None, rung=Rung.DNS, changed="name")
CONTEXT = Context(observations=(TCP, TLS, OTHER_ADDRESS, OTHER_SUBJECT, NAME, SEGMENT, ANY_TARGET))


def test_a_target_and_a_subject_are_found_without_their_controls() -> None:
    assert CONTEXT.of_target(TLS) == (TCP, TLS)
    assert CONTEXT.of_subject("a") == (TCP, TLS, OTHER_ADDRESS)
    assert CONTEXT.of_subject("nothing") == ()
    assert CONTEXT.of_rung(Rung.TLS) == (TLS,)


def test_controls_are_found_by_what_they_changed() -> None:
    assert CONTEXT.controls(TLS, "name") == (NAME, ANY_TARGET)
    assert CONTEXT.controls(TLS, "segment") == (SEGMENT,)
    assert CONTEXT.controls(OTHER_ADDRESS, "segment") == ()
    assert CONTEXT.controls_of("a", "segment") == (SEGMENT,)
    assert CONTEXT.controls(OTHER_SUBJECT, "name") == ()


def test_what_was_probed_is_neither_host_nor_flow() -> None:
    host, flow = seen("host", None, rung=Rung.HOST), seen("flow", None, rung=Rung.SUBMIT)
    assert Context(observations=(TCP, host, flow)).probed == {"a"}
