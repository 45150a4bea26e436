"""The calls that F5's published scripts make, made with the real curl in the same order, by name and over port 443.

The scripts themselves are not ours to ship; what they ask and what they look for in the answers is written here anew.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.kernel.namespace import ENVIRONMENT, ROOT
from tests.machine import missing, require

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.kernel, pytest.mark.slow]
TOOLS = ("curl", "unshare", "ip")
NIM = "https://nim.example/api/platform/v1"
TEEM = "https://product.apis.f5.com"
BULK = f"{TEEM}/ee/v1/entitlements/telemetry/bulk"
BATCH = "https://product.connect.nginx.com/api/nginx-usage/batch"
FEATURES = (
    "NGINX_NAP_DOS",
    "IM_INSTANCES",
    "TM_INSTANCES",
    "DATA_PER_HOUR_GB",
    "NGINX_INSTANCES",
    "NGINX_NAP",
    "SUCCESSFUL_API_CALLS_MILLIONS",
    "IC_PODS",
    "IC_K8S_NODES",
)


@pytest.fixture(autouse=True, scope="module")
def tools() -> None:
    """Curl and namespaces, or a reason."""
    require(missing(*TOOLS))


class Site:
    """A namespace in which the emulator has ports 443 and 53 and its names are resolved; and a user with curl in it."""

    def __init__(self, folder: Path, process: subprocess.Popen[str]) -> None:
        self.folder, self.process = folder, process
        self.token = (folder / "licence").read_text().strip()
        self.basic = f"admin:{(folder / 'password').read_text().strip()}"

    def enter(self, *words: str) -> str:
        """Run a command in the namespace; what it printed."""
        inside = ["nsenter", "-t", str(self.process.pid), "-U", "--preserve-credentials", "-n", "-m"]
        inside += ["sh", "-c", 'cd "$0" && exec "$@"', str(self.folder), *words]
        environment = {**ENVIRONMENT, "CURL_CA_BUNDLE": str(self.folder / "ca")}
        done = subprocess.run(inside, capture_output=True, text=True, check=False, env=environment)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def curl(self, *words: str) -> tuple[int, Any]:
        """The status, and the body as JSON where it is some."""
        said = self.enter("curl", "-sS", "-w", "\n%{http_code}", *words)
        body, _, status = said.rpartition("\n")
        try:
            return int(status), json.loads(body)
        except ValueError:
            return int(status), body


START = """
ip link set lo up
echo nameserver 127.0.0.1 >resolv.conf
mount --bind resolv.conf /etc/resolv.conf
exec "$@"
"""


@contextmanager
def site(folder: Path, *options: str) -> Iterator[Site]:
    """Serve in a namespace of its own."""
    files = [word for name in ("ca", "licence", "password") for word in (f"--{name}-file", str(folder / name))]
    serve = [sys.executable, "-u", "-m", "nimnetcheck", "emulate", "--listen", "127.0.0.1:443", "--names-port", "53"]
    command = ["unshare", "-Urnm", "sh", "-euc", START, "sh", *serve, "--answer", "127.0.0.1", *files, *options]
    environment = {**ENVIRONMENT, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder, env=environment
    ) as process:
        assert process.stdout
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith("Serving"):
                break
        assert process.poll() is None, "".join(said)
        try:
            yield Site(folder, process)
        finally:
            process.terminate()
            process.communicate(timeout=20)


@pytest.mark.parametrize("version", ["2.18", "2.19", "2.20", "2.21"])
def test_licence_and_first_report(tmp_path: Path, version: str) -> None:
    with site(tmp_path, "--nim-version", f"{version}.0", "--instances", "8000") as here:
        user = ("-k", "--user", here.basic)
        bearer = ("--header", f"Authorization: Bearer {here.token}")
        assert here.enter("curl", "-sk", "--output", "nothing", "--fail", "https://nim.example") == ""
        reached = here.enter("curl", "-v", TEEM)
        assert "Connected to product.apis.f5.com" in reached
        assert "server accepted" in reached  # ALPN, in curl's words
        versions = here.enter("curl", "-s", *user, f"{NIM}/modules/versions")
        assert re.fullmatch(r'.*"nim"[ \t]*:[ \t]*"([0-9]+\.[0-9]+)(\.[0-9]+)?".*\n?', versions)
        assert here.curl(*user, f"{NIM}/report/device_mode") == (200, {"device_mode": "DISCONNECTED"})
        licence = json.dumps({"metadata": {"name": "license"}, "desiredState": {"content": here.token}})
        json_body = ("--header", "Content-Type: application/json", "--data", licence)
        assert here.curl(*user, *json_body, f"{NIM}/license?telemetry=true")[0] == 202
        if version in {"2.18", "2.19"}:
            features = [{"limit": 0, "name": name, "valueType": ""} for name in FEATURES]
            state = {"content": here.token, "type": "JWT", "features": features}
            body = json.dumps({"desiredState": state, "metadata": {"name": "license"}})
            sent = ("--request", "PUT", "--header", "Content-Type: application/json", "--data", body)
            assert here.curl(*user, *sent, f"{NIM}/license?telemetry=true")[0] == 200
        again = here.curl(*user, *json_body, f"{NIM}/license?telemetry=true")  # sent twice, its answer not looked at
        assert again[1]["message"] == "failed to register token. already registered"
        assert here.curl(*user, f"{NIM}/report/download?format=zip", "--output", "report.zip")[0] == 200
        assert (tmp_path / "report.zip").stat().st_size > 1 << 20  # from here on curl asks: Expect: 100-continue
        status, taken = here.curl("--location", BULK, *bearer, "--form", "file=@report.zip")
        assert (status, list(taken)) == (202, ["statusLink"])
        link = taken["statusLink"].replace("/ee/v1/entitlements/telemetry/bulk/status/", "")
        here.enter("sleep", "2.1")  # asked once, some seconds later
        status, progress = here.curl("-k", f"{BULK}/status/{link}", *bearer)
        assert (status, progress["percentageComplete"], progress["readyForDownload"]) == (200, 100, True)
        assert here.curl(f"{BULK}/download/{link}", *bearer, "--output", "back.zip")[0] == 200
        returned = here.curl(*user, f"{NIM}/report/upload", "--form", "file=@back.zip")
        assert returned == (200, {"message": "Report uploaded successfully."})


def test_periodic_report_in_two_calls(tmp_path: Path) -> None:
    with site(tmp_path, "--nim-version", "2.19.0") as here:
        user = ("-k", "--user", here.basic)
        licence = json.dumps({"desiredState": {"content": here.token}})
        here.curl(*user, "--data", licence, f"{NIM}/license?telemetry=true")
        asked = f"{NIM}/report/download?format=zip&reportType=telemetry&telemetryAction="
        prepared = here.enter("curl", "-s", *user, f"{asked}prepare")
        assert '"telemetry":"Report generation in progress"' in prepared
        assert here.curl(*user, f"{asked}download", "--output", "report.zip")[0] == 200
        assert zipfile.is_zipfile(tmp_path / "report.zip")


@pytest.mark.parametrize(("fault", "statuses"), [("batch-503:2", [503, 503, 200]), ("batch-413", [413, 413, 413])])
def test_usage_files_of_2_22(tmp_path: Path, fault: str, statuses: list[int]) -> None:
    with site(tmp_path, "--nim-version", "2.22.0", "--fault", fault) as here:
        user = ("-k", "--user", here.basic, "--header", "origin: https://nim.example")
        assert here.curl(*user, f"{NIM}/report/device_mode")[1] == {"device_mode": "DISCONNECTED"}
        assert here.curl(*user, f"{NIM}/report/download?format=zip", "--output", "report.zip")[0] == 200
        with zipfile.ZipFile(tmp_path / "report.zip") as archive:
            archive.extractall(tmp_path / "unzip")
        (folder,) = [one for one in tmp_path.glob("unzip/*/*") if one.is_dir()]
        token = (folder / "jwt.txt").read_text()
        (usage,) = folder.glob("usage*.gzip")
        sent = ("--header", f"Authorization: Bearer {token}", "--header", "Content-Type: application/gzip")
        seen = [here.curl("-X", "POST", BATCH, *sent, "--data-binary", f"@{usage}")[0] for _ in statuses]
        assert seen == statuses
