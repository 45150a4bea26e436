"""A cause is told once, with how far it reaches, and hides what follows from it: only there."""

from __future__ import annotations

import attrs

from nimnetcheck.diagnosis.causes import Cause, find, meaning, without_effects
from nimnetcheck.diagnosis.context import Context
from nimnetcheck.diagnosis.entries import BY_CODE
from nimnetcheck.diagnosis.entry import Diagnosis
from nimnetcheck.model import Failure, Observation, Rung, Scope
from tests.diagnosis.seen import seen

CLOCK = seen("host", None, Failure.CLOCK_WRONG, Rung.HOST)


def causes(*observations: Observation) -> tuple[Cause, ...]:
    return find(Context(observations=observations))


def entry(code: str, *hidden_by: str) -> Diagnosis:
    return Diagnosis(code=code, title="", explanation="", action="", hidden_by=hidden_by)


def cause(code: str, *hidden_by: str, struck: Observation, scope: Scope = Scope.TARGET) -> Cause:
    return Cause(entry=entry(code, *hidden_by), seen=(struck,), scope=scope)


def codes(found: tuple[Cause, ...]) -> list[str]:
    return [one.entry.code for one in found]


def test_a_wrong_clock_explains_expired_certificates() -> None:
    (found,) = causes(CLOCK, seen("usage", "192.0.2.1", Failure.TLS_EXPIRED, Rung.TLS))
    assert found.entry.code == "local.bad-clock"
    assert found.explains == ("tls.expired",)


def test_an_expired_certificate_alone_is_the_certificate() -> None:
    (found,) = causes(seen("usage", "192.0.2.1", Failure.TLS_EXPIRED, Rung.TLS))
    assert (found.entry.code, found.explains) == ("tls.expired", ())


def test_a_wrong_clock_does_not_explain_a_silent_path() -> None:
    assert codes(causes(CLOCK, seen("usage", "192.0.2.1", Failure.TCP_TIMEOUT))) == [
        "local.bad-clock",
        "tcp.drop-path",
    ]


def test_a_cause_hides_its_effects_on_its_own_subject_only() -> None:
    root = cause("root", struck=seen("a", "192.0.2.1"))
    here, there = seen("a", "192.0.2.2"), seen("b", "192.0.2.3")
    both = Cause(entry=entry("effect", "root"), seen=(here, there), scope=Scope.TARGET)
    left = without_effects([root, both])
    assert codes(left) == ["root", "effect"]
    assert left[1].seen == (there,)
    assert left[0].explains == ()


def test_a_cause_at_one_address_explains_nothing_at_another() -> None:
    root = cause("root", struck=seen("a", "192.0.2.1"), scope=Scope.ADDRESS)
    effect = cause("effect", "root", struck=seen("a", "192.0.2.2"))
    assert codes(without_effects([root, effect])) == ["root", "effect"]


def test_a_cause_of_the_whole_site_hides_its_effects_everywhere() -> None:
    root = cause("root", struck=seen("a", "192.0.2.1"), scope=Scope.SITE)
    effect = cause("effect", "root", struck=seen("b", "192.0.2.2"))
    (left,) = without_effects([root, effect])
    assert left.explains == ("effect",)


def test_what_follows_from_an_effect_is_the_root_cause_s() -> None:
    struck = seen("a", "192.0.2.1")
    chain = [
        cause("root", struck=struck),
        cause("middle", "root", struck=struck),
        cause("end", "middle", struck=struck),
    ]
    (left,) = without_effects(chain)
    assert left.explains == ("middle", "end")


def test_all_that_was_probed_is_the_site_and_one_target_a_target() -> None:
    silent = [seen(name, f"192.0.2.{n}", Failure.TCP_TIMEOUT) for n, name in enumerate("ab", start=1)]
    assert causes(*silent)[0].scope is Scope.SITE
    assert causes(*silent, seen("c", "192.0.2.9"))[0].scope is Scope.TARGET


def test_some_addresses_of_a_name_are_addresses() -> None:
    (found,) = causes(seen("a", "192.0.2.1", Failure.TCP_TIMEOUT), seen("a", "192.0.2.2"))
    assert found.scope is Scope.ADDRESS


def test_what_this_host_does_is_the_host_s() -> None:
    (found,) = causes(seen("a", "192.0.2.1", Failure.BLOCKED_LOCALLY), seen("b", "192.0.2.2"))
    assert found.scope is Scope.HOST


def test_a_rehearsed_submission_is_not_part_of_the_site() -> None:
    step = seen("flow", None, rung=Rung.SUBMIT)
    silent = [seen(name, f"192.0.2.{n}", Failure.TCP_TIMEOUT) for n, name in enumerate("ab", start=1)]
    assert causes(*silent, step)[0].scope is Scope.SITE


def test_controls_and_what_was_skipped_have_no_meaning_of_their_own() -> None:
    control = seen("a", "192.0.2.1", Failure.TCP_TIMEOUT, changed="name")
    context = Context(observations=(control,))
    assert meaning(control, context) is None
    assert meaning(attrs.evolve(control, control=False), context) is BY_CODE["tcp.drop-path"]
