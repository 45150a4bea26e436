"""The trust store is the host's, as OpenSSL finds it, and verdicts are the same on every Python."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from nimnetcheck.probe import trust
from nimnetcheck.probe.tls_stream import first_flight
from nimnetcheck.probe.trust import Trust

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.probe.conftest import Bench


def test_the_file_of_a_world_replaces_the_store(bench: Bench) -> None:
    made = Trust(bench.ca_file)
    assert made.store == str(bench.ca_file)
    assert made.named.cert_store_stats()["x509_ca"] == 1
    assert made.named is made.named


def test_ssl_cert_file_is_honoured(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(bench.ca_file))
    monkeypatch.setenv("SSL_CERT_DIR", str(bench.ca_file.parent / "none"))
    made = Trust()
    assert made.store == str(bench.ca_file)
    assert made.named.cert_store_stats()["x509_ca"] == 1


def test_a_python_with_foreign_paths_finds_the_usual_store(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(variable, raising=False)
    known = ssl.get_default_verify_paths()
    nowhere = known._replace(cafile=None, capath=None)  # type: ignore[arg-type]  # what typeshed calls str is None there
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: nowhere)
    monkeypatch.setattr(trust, "USUAL", (tmp_path / "missing", bench.ca_file))
    assert Trust().store == str(bench.ca_file)
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere")
    assert Trust().store == "none"


def test_contexts_verify_as_they_say(bench: Bench) -> None:
    made = Trust(bench.ca_file)
    assert [(one.verify_mode, one.check_hostname) for one in (made.named, made.nameless, made.blind)] == [
        (ssl.CERT_REQUIRED, True),
        (ssl.CERT_REQUIRED, False),
        (ssl.CERT_NONE, False),
    ]
    assert not made.named.verify_flags & ssl.VERIFY_X509_STRICT
    assert made.named.verify_flags & trust.PARTIAL_CHAIN
    assert {one.verify_mode for one in (made.large, made.small)} == {ssl.CERT_NONE}


def test_a_long_hello_takes_two_segments_and_a_short_one_does_not(bench: Bench) -> None:
    made = Trust(bench.ca_file)
    small, large = (len(first_flight(context, "usage.example")) for context in (made.small, made.large))
    assert small < 1000
    assert 1600 < large < 2800
