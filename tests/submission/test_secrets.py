"""Secrets planted in every input are in nothing that a command writes: output, errors, journals, files of any kind."""

from __future__ import annotations

import base64
import gzip
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from nimnetcheck.emulator import running
from nimnetcheck.submission.usage import write_export_2_22
from tests.submission.test_places import Tunnels

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nimnetcheck.emulator import Vendor

pytestmark = pytest.mark.slow
CONNECT, NIM = "product.connect.nginx.com", "nim.example"
STRANGER = "c3RyYW5nZXI.bWFya2VkLXJlcG9ydA.dG9rZW4tc2lnbmF0dXJl"  # what a group of a report brings, and nobody signed
PROXY_PASSWORD = "marked"  # noqa: S105 (planted; the proxy of test_places.py knows it)
NMS_CONF = """proxy_config:
  proxy_enable: false
  proxy_host: proxy.example
  proxy_port: 3128
  proxy_protocol: http
  proxy_auth_required: true
  proxy_username: me
  proxy_password: {password}
"""
FORMS = ("text", "json", "jsonl", "junit", "tap", "prometheus")


class There:
    """A site with secrets in each of its inputs, and everything that is written by who works with them."""

    def __init__(self, vendor: Vendor, proxy_port: int, folder: Path) -> None:
        self.vendor, self.folder = vendor, folder
        self.inputs, self.home = folder / "inputs", folder / "home"
        for path in (self.inputs, self.home, self.home / "tmp"):
            path.mkdir()
        for name, text in (
            ("licence", vendor.licence),
            ("password", vendor.password),
            ("wrong", "wrong-marked-password"),
            ("nms.conf", NMS_CONF.format(password=vendor.password)),
            ("nms.log", f"[error] 401 for Bearer {vendor.licence}\nproxy_password: {vendor.password}\n"),
        ):
            (self.inputs / name).write_text(text)
        with (self.inputs / "export.zip").open("wb") as file:
            write_export_2_22(file, 4, [vendor.licence, STRANGER], batch=1)
        port = vendor.web[1]
        self.base = [f"--resolve={host}:{port}:127.0.0.1" for host in (NIM, CONNECT)]
        self.nim = [*self.base, f"--nim={NIM}:{port}", f"--license={self.inputs / 'licence'}"]
        self.endpoint = f"--endpoint-url=https://{CONNECT}:{port}/api/nginx-usage/batch"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "TMPDIR": str(self.home / "tmp"),
            "SSL_CERT_FILE": str(vendor.world.ca_file),
            "HTTPS_PROXY": f"http://me:{PROXY_PASSWORD}@127.0.0.1:{proxy_port}",
            "NIMNETCHECK_DEBUG": "1",
        }

    @property
    def secrets(self) -> list[str]:
        """What must be nowhere, in each form that it could take on the way."""
        vendor = self.vendor
        plain = [*vendor.licence.split(".")[1:], vendor.password, "wrong-marked-password", *STRANGER.split(".")[1:]]
        pairs = [f"admin:{vendor.password}", f"me:{PROXY_PASSWORD}"]
        encoded = [base64.b64encode(text.encode()).decode().rstrip("=") for text in (*plain, *pairs)]
        return [*plain, *encoded, *map(quote, pairs), *pairs]

    def run(self, *arguments: str, **environment: str) -> tuple[int, str]:
        """A command line, with all that it says; it runs in a folder of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "nimnetcheck", *arguments],
            capture_output=True,
            env={**self.environment, **environment},
            cwd=self.home,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        return done.returncode, done.stdout + done.stderr

    def written(self) -> dict[str, bytes]:
        """Every file that came about; the report itself holds tokens, and is its owner's alone."""
        files = [path for path in self.home.rglob("*") if path.is_file() and path.name != "report.zip"]
        return {str(path.relative_to(self.home)): _plain(path) for path in files}


def _plain(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[There]:
    """The site behind a proxy that wants a password."""
    with running(nim_version="2.22.0") as vendor:
        handler: type[BaseHTTPRequestHandler] = type("Handler", (Tunnels,), {"asked": [], "port": vendor.web[1]})
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            yield There(vendor, server.server_port, tmp_path_factory.mktemp("secrets"))
            server.shutdown()
            thread.join()


def found(there: There, said: str) -> list[str]:
    """Where a secret came out."""
    places = {"output": said.encode(), **there.written()}
    return [
        f"{secret} in {name}" for name, data in places.items() for secret in there.secrets if secret.encode() in data
    ]


def cases(there: There) -> dict[str, tuple[int, list[str], dict[str, str]]]:
    """Each command that takes a secret: how it ends, and what it is given."""
    password, wrong = f"--password-file={there.inputs / 'password'}", f"--password-file={there.inputs / 'wrong'}"
    report = [f"--report={there.inputs / 'export.zip'}", *there.base, there.endpoint]
    named = [*there.nim, there.endpoint]
    submit = ["--submit", "--result-dir=results"]
    site, log = ["--for=nim-2.22", "--against=emulator", f"-c{there.inputs / 'nms.conf'}"], there.inputs / "nms.log"
    return {
        "look": (0, ["simulate", *named, password], {}),
        "submit": (0, ["simulate", *named, password, *submit], {}),
        "password in the environment": (0, ["simulate", *named], {"NIMNETCHECK_PASSWORD": there.vendor.password}),
        "wrong password": (1, ["simulate", *named, wrong], {}),
        "a stranger's token": (1, ["simulate", *report, "--submit", "--result-dir=other"], {}),
        "wrong proxy password": (
            1,
            ["simulate", *report],
            {"HTTPS_PROXY": there.environment["HTTPS_PROXY"].replace(PROXY_PASSWORD, "wrong-marked-password")},
        ),
        "proxy refused": (2, ["simulate", *report], {"HTTPS_PROXY": f"socks5://me:{PROXY_PASSWORD}@127.0.0.1"}),
        "proxy in NIMNETCHECK_PROXY": (
            2,
            ["simulate", *named, password],
            {"NIMNETCHECK_PROXY": there.environment["HTTPS_PROXY"]},
        ),
        "a licence that is none": (2, ["simulate", *named, password, f"--license={there.inputs / 'export.zip'}"], {}),
        "an untrusted NIM": (2, ["simulate", *named, password], {"SSL_CERT_FILE": "/dev/null"}),
        "emulated": (0, ["simulate"], {}),
        "preflight": (0, ["preflight", "--against=emulator", f"--license={there.inputs / 'licence'}"], {}),
        "probe": (0, ["probe", "usage", *site], {}),
        "diagnose": (0, ["diagnose", *site, f"--license={there.inputs / 'licence'}", f"--logs={log}"], {}),
        "a bundle": (0, ["diagnose", *site, f"--logs={log}", "--bundle=bundle.tar.gz"], {}),
        "watch": (0, ["watch", *site, "--runs=1", "--textfile=metrics.prom"], {}),
    }


CASES = (
    "look",
    "submit",
    "password in the environment",
    "wrong password",
    "a stranger's token",
    "wrong proxy password",
    "proxy refused",
    "proxy in NIMNETCHECK_PROXY",
    "a licence that is none",
    "an untrusted NIM",
    "emulated",
    "preflight",
    "probe",
    "diagnose",
    "a bundle",
    "watch",
)


def test_every_case_is_run(there: There) -> None:
    assert set(CASES) == set(cases(there))


@pytest.mark.parametrize("name", CASES)
def test_no_secret_comes_out_of(there: There, name: str) -> None:
    code, arguments, environment = cases(there)[name]
    verbose = [] if arguments[0] == "watch" else ["-vv"]
    ended, said = there.run(*arguments, *verbose, **environment)
    assert ended == code, said
    assert said or there.written()
    assert found(there, said) == []


@pytest.mark.parametrize("form", FORMS)
def test_no_secret_is_in_any_form(there: There, form: str) -> None:
    arguments = [*there.nim, there.endpoint, f"--password-file={there.inputs / 'password'}", "-o", form]
    _, said = there.run("simulate", *arguments, f"--output-file={form}.out")
    assert (there.home / f"{form}.out").stat().st_size > 100
    assert found(there, said) == []


def test_a_secret_that_did_come_out_would_be_found(there: There) -> None:
    leak = there.home / "leak"
    for secret in there.secrets:
        leak.write_text(f"...{secret}...")
        assert found(there, "")
    leak.unlink()
    assert found(there, there.vendor.password) == [f"{there.vendor.password} in output"]
