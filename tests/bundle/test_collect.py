"""What a host keeps is read as it is, bounded, and what cannot be read is said."""

from __future__ import annotations

import hashlib
import ssl
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.bundle import collect
from nimnetcheck.emulator.authority import Authority
from nimnetcheck.model import Observation, Outcome, Rung
from nimnetcheck.probe.certificates import describe
from nimnetcheck.site.facts import read

if TYPE_CHECKING:
    from pathlib import Path

    from nimnetcheck.site.facts import Facts

NMS = "proxy_config:\n  proxy_enable: true\n  proxy_username: joe\n  proxy_password: pass word\n"


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    (tmp_path / "nms.conf").write_text(NMS, encoding="utf-8")
    (tmp_path / "nginx.conf").write_text("mgmt { proxy p:1; proxy_password hunter2; }\n", encoding="utf-8")
    (tmp_path / "license.jwt").write_text("a.b.c\n", encoding="utf-8")
    return read(tmp_path / "nms.conf", tmp_path / "nginx.conf")


def test_configuration_and_logs_are_read(facts: Facts, tmp_path: Path) -> None:
    (tmp_path / "nms.log").write_text("one\n", encoding="utf-8")
    texts, problems = collect.texts(facts, [tmp_path / "nms.log"])
    assert texts["nms.conf"] == NMS
    assert texts["nms.log"] == "one\n"
    assert {"nginx.conf", "resolv.conf"} <= set(texts)
    assert problems == ()


def test_two_files_of_one_name_are_both_there(facts: Facts, tmp_path: Path) -> None:
    for folder in ("a b", "c"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "nms.conf").write_text(folder, encoding="utf-8")
    texts, _ = collect.texts(facts, [tmp_path / "a b" / "nms.conf", tmp_path / "c" / "nms.conf"])
    assert (texts["nms.conf"], texts["2-nms.conf"], texts["3-nms.conf"]) == (NMS, "a b\n", "c\n")


def test_of_a_long_log_the_end_is_taken(facts: Facts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collect, "MAX_LOG_LINES", 1)
    (tmp_path / "nms.log").write_text("begin\nend\n", encoding="utf-8")
    assert collect.texts(facts, [tmp_path / "nms.log"])[0]["nms.log"] == "end\n"


def test_what_cannot_be_read_is_said(facts: Facts, tmp_path: Path) -> None:
    texts, problems = collect.texts(facts, [tmp_path / "missing.log"])
    assert "missing.log" not in texts
    assert len(problems) == 1
    assert "missing.log: cannot be read: No such file" in problems[0]


def test_certificates_that_were_described_are_handed_on_whole() -> None:
    der = ssl.PEM_cert_to_DER_cert(Authority().ca_pem.decode())
    seen = Observation(
        subject="x", rung=Rung.TLS, title="TLS", outcome=Outcome.PASSED, evidence={"chain": [describe(der), {}, 1]}
    )
    found = collect.certificates([seen, seen])
    assert [ssl.PEM_cert_to_DER_cert(pem) for pem in found.values()] == [der]
    assert list(found) == [hashlib.sha256(der).hexdigest()]


def test_the_secrets_of_the_configuration_are_known(facts: Facts) -> None:
    assert set(collect.secrets(facts)) >= {"joe", "pass word", "hunter2", "a.b.c"}
