"""What is installed is told with what is wrong with it; of what is not installed nothing is said."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.model import Failure, Outcome
from nimnetcheck.site import nginx_conf, nms_conf, products, state
from nimnetcheck.site.facts import Facts
from nimnetcheck.site.versions import Versions

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime.now(tz=timezone.utc)


def observe(tmp_path: Path, facts: Facts) -> dict[str, tuple[Outcome, Failure | None]]:
    return {seen.title: (seen.outcome, seen.failure) for seen in products.observe(facts, NOW, tmp_path / "no-proc")}


def test_a_host_without_products_has_nothing_to_say(tmp_path: Path) -> None:
    assert observe(tmp_path, Facts()) == {}


def test_before_they_ever_ran_nothing_is_missed(tmp_path: Path) -> None:
    mgmt = nginx_conf.Mgmt(path=tmp_path / "nginx.conf", state_path=str(tmp_path / "missing"))
    facts = Facts(versions=Versions(nim=(2, 22, 0), nginx_plus=34), mgmt=mgmt)
    assert [seen.title for seen in products.installed(facts)] == ["NIM", "NGINX Plus"]
    assert all(seen.outcome is Outcome.PASSED for seen in products.installed(facts))
    assert observe(tmp_path, facts)["State of reporting"] == (Outcome.FAILED, Failure.STATE_INVALID)


def test_products_carry_their_versions(tmp_path: Path) -> None:
    nim, plus, *_ = products.observe(Facts(versions=Versions(nim=(2, 22, 0), nginx_plus=34)), NOW, tmp_path)
    assert (nim.detail, nim.evidence["version"]) == ("2.22.0", "2.22.0")
    assert (plus.detail, plus.evidence["reports_directly"], plus.evidence["interval_s"]) == ("R34", True, 3600)


@pytest.mark.parametrize(
    ("content", "failure"),
    [
        ("user: nms\n", None),
        ("a: [", Failure.CONFIG_INVALID),
        ("proxy_config: {proxy_enable: true}", Failure.CONFIG_INVALID),
        ("integrations: {license: {mode_of_operation: offline}}", Failure.CONFIG_INVALID),
    ],
)
def test_a_wrong_nms_conf_is_named(tmp_path: Path, content: str, failure: Failure | None) -> None:
    facts = Facts(versions=Versions(nim=(2, 22)), nms=nms_conf.parse(content, tmp_path / "nms.conf"))
    assert observe(tmp_path, facts).get("nms.conf", (None, None))[1] is failure


def test_a_file_that_only_root_may_read_is_not_judged(tmp_path: Path) -> None:
    nms = nms_conf.NmsConf(path=tmp_path, problem="/etc/nms/nms.conf: Permission denied")
    mgmt = nginx_conf.Mgmt(path=tmp_path, problem="/etc/nginx/nginx.conf: Permission denied")
    found = observe(tmp_path, Facts(versions=Versions(nginx_plus=33), nms=nms, mgmt=mgmt))
    assert found["nms.conf"] == found["nginx.conf"] == (Outcome.SKIPPED, None)


def test_the_state_is_looked_at_where_the_mgmt_block_says(tmp_path: Path) -> None:
    (tmp_path / state.STATE).write_bytes(b"")
    mgmt = nginx_conf.Mgmt(path=tmp_path / "nginx.conf", state_path=str(tmp_path))
    found = observe(tmp_path, Facts(versions=Versions(nginx_plus=33), mgmt=mgmt))
    assert found["State of reporting"] == (Outcome.PASSED, None)
    assert "State of reporting" not in observe(tmp_path, Facts(versions=Versions(nginx_plus=32), mgmt=mgmt))


@pytest.mark.parametrize(("text", "seconds"), [("1h", 3600), ("1h30m", 5400), ("90s", 90), ("soon", 0), ("", 0)])
def test_intervals_are_read_as_written(text: str, seconds: int) -> None:
    assert products.interval_s(text) == seconds
