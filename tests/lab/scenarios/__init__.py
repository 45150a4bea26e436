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
    idle,
    inspected,
    licence,
    other_ways,
    own_rules,
    path,
    port53,
    products,
    proxy,
    proxy_settings,
    rules,
    site,
    submission,
    tcp,
    tls,
    tls_ends,
    users,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.lab.scenario import Scenario

TABLES: tuple[tuple[Scenario, ...], ...] = (
    clean.SCENARIOS,
    host.SCENARIOS,
    users.SCENARIOS,
    own_rules.SCENARIOS,
    products.SCENARIOS,
    rules.SCENARIOS,
    clock.SCENARIOS,
    dns.SCENARIOS,
    elsewhere.SCENARIOS,
    port53.SCENARIOS,
    drops.SCENARIOS,
    tcp.SCENARIOS,
    path.SCENARIOS,
    proxy.SCENARIOS,
    proxy_settings.SCENARIOS,
    tls.SCENARIOS,
    tls_ends.SCENARIOS,
    http.SCENARIOS,
    other_ways.SCENARIOS,
    idle.SCENARIOS,
    licence.SCENARIOS,
    site.SCENARIOS,
    submission.SCENARIOS,
    inspected.SCENARIOS,
)
SCENARIOS: Mapping[str, Scenario] = {scenario.name: scenario for table in TABLES for scenario in table}
