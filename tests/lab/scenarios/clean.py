"""Networks in which nothing is wrong: nothing may be found."""

from __future__ import annotations

from tests.lab.scenario import Scenario

SCENARIOS = (Scenario(name="clean", shows="nothing is wrong, and nothing is found", expected=()),)
