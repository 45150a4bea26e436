"""A control says what was changed, and counts in no verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.diagnosis import judge
from nimnetcheck.model import Failure, Outcome, Rung, World
from nimnetcheck.probe.attempt import Options, Setup
from nimnetcheck.probe.controls.note import Control

if TYPE_CHECKING:
    from nimnetcheck.model import Endpoint


def test_a_control_that_fails_fails_nothing(endpoint: Endpoint) -> None:
    setup = Setup(world=World(), options=Options())
    control = Control(endpoint=endpoint, rung=Rung.DNS, title="again", changed="resolver", setup=setup)
    good, bad = control.note({"at": "x"}), control.note({}, Failure.DNS_REFUSED, "no")
    assert [one.outcome for one in (good, bad)] == [Outcome.PASSED, Outcome.FAILED]
    assert good.evidence == {"changed": "resolver", "at": "x"}
    assert all(one.control and not one.required for one in (good, bad))
    assert judge([bad]) == ()
