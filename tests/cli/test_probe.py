"""`nimnetcheck probe`, as people and machines use it."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from importlib import resources
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import trustme
from click.testing import CliRunner

from nimnetcheck.cli.probe import command
from nimnetcheck.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result

ANSWER = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, catch_exceptions=False)


def document(*arguments: str) -> Any:  # noqa: ANN401 (a JSON document)
    parsed = json.loads(run(*arguments, "-o", "json").stdout)
    schema = (resources.files("nimnetcheck.report") / "report.schema.json").read_text(encoding="utf-8")
    jsonschema.validate(parsed, json.loads(schema))
    return parsed


@contextmanager
def https(authority: trustme.CA) -> Iterator[int]:
    """One HTTPS server for usage.example on loopback; its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("usage.example").configure_cert(context)

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                with suppress(OSError), context.wrap_socket(connection, server_side=True) as secure:
                    secure.recv(4096)
                    secure.sendall(ANSWER)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.fixture
def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_a_pinned_name_is_climbed_to_http(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    ca_file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    monkeypatch.setenv("SSL_CERT_FILE", str(ca_file))
    with https(authority) as port:
        seen = document(f"https://usage.example:{port}/api", "--resolve", f"usage.example:{port}:127.0.0.1", "-4")
    assert seen["summary"]["exit_code"] == 0
    climb = [one for one in seen["observations"] if not one["control"]]
    assert [(one["rung"], one["outcome"]) for one in climb] == [
        (rung, "passed") for rung in ("dns", "tcp", "tls", "http", "path")
    ]
    assert climb[3]["evidence"]["status"] == 401


def test_a_refused_target_fails_with_its_finding(closed_port: int) -> None:
    target = f"127.0.0.1:{closed_port}"
    done = run(target)
    assert done.exit_code == 1
    assert done.stdout.startswith("FAIL  1 of 1 failed")
    assert "[tcp.refused]" in done.stdout
    seen = document(target)
    assert [one["outcome"] for one in seen["observations"]] == ["failed", "skipped"]
    assert seen["observations"][1]["because"] == "tcp: tcp refused"


def test_a_range_is_drawn(closed_port: int) -> None:
    done = run(f"127.0.0.0/28:{closed_port}")
    assert "127.0.0.0  " + " ".join("x" * 16) in done.stdout
    assert "x 16 blocked here" in done.stdout


def test_a_target_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match=r"192\.0\.2\.0/25"):
        run("192.0.2.1/25")


def test_against_the_emulator_every_endpoint_is_reached() -> None:
    seen = document("--against", "emulator")
    assert seen["summary"]["exit_code"] == 0
    assert {one["subject"]: one["verdict"] for one in seen["judgements"]} == dict.fromkeys(
        ("telemetry-range", "teem", "teem-entitlements", "usage"), "PASS"
    )
    assert "emulated" in seen["notes"][0]
