"""Every scenario by its name, from one table for each layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab.scenarios import (
    clean,
    clock,
    dns,
    drops,
    elsewhere,
    host,
    http,
    other_ways,
    path,
    products,
    proxy,
    proxy_settings,
    rules,
    tcp,
    tls,
    users,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.lab.scenario import Scenario

TABLES: tuple[tuple[Scenario, ...], ...] = (
    clean.SCENARIOS,
    host.SCENARIOS,
    users.SCENARIOS,
    products.SCENARIOS,
    rules.SCENARIOS,
    clock.SCENARIOS,
    dns.SCENARIOS,
    elsewhere.SCENARIOS,
    drops.SCENARIOS,
    tcp.SCENARIOS,
    path.SCENARIOS,
    proxy.SCENARIOS,
    proxy_settings.SCENARIOS,
    tls.SCENARIOS,
    http.SCENARIOS,
    other_ways.SCENARIOS,
)
SCENARIOS: Mapping[str, Scenario] = {scenario.name: scenario for table in TABLES for scenario in table}
