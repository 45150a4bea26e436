"""The emulator as a server of its own: another client uses it, and it ends when asked."""

from __future__ import annotations

import re
import signal
import ssl
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx
import pytest
from click.testing import CliRunner

from nimnetcheck.cli.emulate import command
from nimnetcheck.emulator import FAULTS
from nimnetcheck.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def test_another_client_uses_it_and_it_ends_when_asked(tmp_path: Path) -> None:
    files = {name: tmp_path / name for name in ("ca", "licence", "password")}
    options = [word for name, path in files.items() for word in (f"--{name}-file", str(path))]
    server = subprocess.Popen(
        [sys.executable, "-u", "-m", "nimnetcheck", "emulate", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert server.stdout is not None
    said = []
    for line in server.stdout:
        said.append(line)
        if line.startswith("Serving"):
            break
    text = "".join(said)
    where = re.search(r"HTTPS on (\S+) port (\d+)", text)
    assert where is not None
    with httpx.Client(verify=ssl.create_default_context(cafile=str(files["ca"])), trust_env=False) as client:
        url = f"https://{where[1]}:{where[2]}/api/platform/v1/modules/versions"
        auth = ("admin", files["password"].read_text(encoding="utf-8").strip())
        answer = client.get(url, auth=auth, headers={"Host": "nim.example"}, extensions={"sni_hostname": "nim.example"})
    assert answer.json() == {"nim": "2.21.0"}
    server.send_signal(signal.SIGTERM)
    rest, _ = server.communicate(timeout=20)
    assert server.returncode == 0
    for name in ("licence", "password"):
        assert files[name].stat().st_mode & 0o777 == 0o600
        assert files[name].read_text(encoding="utf-8").strip() not in text + rest
    for label in ("documented", "seen in public code", "inferred", "analogue"):
        assert label in text


def test_faults_are_listed() -> None:
    output = CliRunner().invoke(command, ["--list-faults"], catch_exceptions=False).output
    assert all(name in output for name in FAULTS)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--listen", "nonsense"),
        ("--listen", "127.0.0.1:99999"),
        ("--nim-version", "two"),
        ("--fault", "nonsense"),
        ("--fault", "batch-503:0"),
        ("--fault", "mtls-400:1"),
        ("--answer", "nonsense"),
    ],
)
def test_bad_input_is_refused(arguments: tuple[str, ...]) -> None:
    with pytest.raises(InputError):
        CliRunner().invoke(command, arguments, catch_exceptions=False)
