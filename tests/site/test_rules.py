"""Rules that lack what is published are told; those that open it, and those that are not ours, are not."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

import attrs
import pytest

from nimnetcheck.errors import InputError
from nimnetcheck.model import Connector, Endpoint, Failure, Outcome
from nimnetcheck.site import rules

if TYPE_CHECKING:
    from pathlib import Path

    from nimnetcheck.model import Observation

USAGE = Endpoint(
    id="usage",
    host="usage.example",
    networks=(ip_network("192.0.2.1/32"), ip_network("192.0.2.2/32"), ip_network("2001:db8::/64")),
    connects=(Connector.NIM,),
    versions="",
    purpose="",
    source="",
)
ADD = "# Made: 2026-01-01\nadd element inet nimnetcheck nimnetcheck_net{}_443 {{ {} }}\n"


def look(text: str, endpoint: Endpoint = USAGE) -> Observation | None:
    return next(iter(rules.observe({"rules.nft": text}, [endpoint])), None)


def test_rules_that_lack_an_address() -> None:
    found = look(ADD.format(4, "192.0.2.1"))
    assert found
    assert (found.outcome, found.failure, found.required) == (Outcome.FAILED, Failure.RULES_STALE, False)
    assert found.detail == "rules.nft (made 2026-01-01) does not open 192.0.2.2/32 (usage.example)"
    assert found.evidence["lacks"] == ["192.0.2.2/32"]


@pytest.mark.parametrize("held", ["192.0.2.1, 192.0.2.2", "192.0.2.0/24", "192.0.2.0-192.0.2.9"])
def test_rules_that_open_all_of_it(held: str) -> None:
    found = look(ADD.format(4, held))
    assert found
    assert found.outcome is Outcome.PASSED


def test_a_version_without_rules_of_ours_is_not_missed_and_one_with_them_is() -> None:
    four = ADD.format(4, "192.0.2.0/24")
    found = look(four + ADD.format(6, "2001:db8:1::/64"))
    assert found
    assert found.evidence["lacks"] == ["2001:db8::/64"]
    assert look("table inet filter { }") is None


def test_another_port_s_set_opens_nothing_here() -> None:
    found = look(ADD.format(4, "192.0.2.0/24").replace("_443", "_8443"))
    assert found
    assert found.failure is Failure.RULES_STALE


def test_what_is_not_required_is_not_missed() -> None:
    found = look(ADD.format(4, "192.0.2.1"), attrs.evolve(USAGE, required=False))
    assert found
    assert found.outcome is Outcome.PASSED


def test_a_file_is_read_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "rules.nft"
    path.write_text("x", encoding="utf-8")
    assert rules.read([path]) == {str(path): "x"}
    with pytest.raises(InputError, match="cannot be read"):
        rules.read([tmp_path / "missing"])
