"""What observations mean: one file per layer, lowest first, and an entry for each cause.

Codes are public and never renamed: the same in JSON, documents, tests and logs. The order of the table is the order in
which causes of one gravity are told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nimnetcheck.diagnosis.entries import (
    certificates,
    dns,
    elsewhere,
    generations,
    host,
    http,
    icmp,
    licence,
    own_firewall,
    path,
    policies,
    products,
    proxy,
    proxy_settings,
    reporting,
    rules,
    run,
    submit,
    tcp,
    tls,
    way_out,
)
from nimnetcheck.model import Failure, Rung

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nimnetcheck.diagnosis.entry import Diagnosis

LAYERS: Mapping[str, tuple[Diagnosis, ...]] = {
    # First, because whatever fails at an address that nobody should have been led to fails for that.
    "DNS, leading elsewhere": elsewhere.ENTRIES,
    "Products": (*generations.ENTRIES, *products.ENTRIES),
    "This host": (*policies.ENTRIES, *rules.ENTRIES, *way_out.ENTRIES, *own_firewall.ENTRIES, *host.ENTRIES),
    "Proxy": (*proxy_settings.ENTRIES, *proxy.ENTRIES),
    "DNS": dns.ENTRIES,
    "TCP and ICMP": (*tcp.ENTRIES, *icmp.ENTRIES),
    "Path": path.ENTRIES,
    "TLS": (*tls.ENTRIES, *certificates.ENTRIES),
    "HTTP": http.ENTRIES,
    "Licence": licence.ENTRIES,
    "Submission": (*submit.ENTRIES, *reporting.ENTRIES),
    "This tool": run.ENTRIES,
}
DIAGNOSES: tuple[Diagnosis, ...] = tuple(entry for entries in LAYERS.values() for entry in entries)
BY_CODE: Mapping[str, Diagnosis] = {entry.code: entry for entry in DIAGNOSES}
# Most specific first: those with a condition, in the order of the table, then the one that takes whatever is left.
_RANKED = sorted(DIAGNOSES, key=lambda entry: entry.when is None)
BY_FAILURE: Mapping[Failure, tuple[Diagnosis, ...]] = {
    failure: tuple(entry for entry in _RANKED if failure in (*entry.failures, *entry.always)) for failure in Failure
}
BY_PASSED: Mapping[Rung, tuple[Diagnosis, ...]] = {
    rung: tuple(entry for entry in _RANKED if rung in entry.passed) for rung in Rung
}
