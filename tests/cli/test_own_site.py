"""`simulate` on a site of one's own, end to end: the emulator stands for the site, behind names and ports as given."""

from __future__ import annotations

import json
import os
import stat
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from nimnetcheck.cli.own_site import PASSWORD
from nimnetcheck.cli.simulate import command
from nimnetcheck.emulator import running
from nimnetcheck.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nimnetcheck.emulator import Vendor

BATCH = "/api/nginx-usage/batch"
BULK = "/ee/v1/entitlements/telemetry/bulk"
HOSTS = {"2.21.0": ("product.apis.f5.com", BULK), "2.22.0": ("product.connect.nginx.com", BATCH)}


class There:
    """A running site, and the arguments that name it."""

    def __init__(self, vendor: Vendor, version: str, folder: Path) -> None:
        self.vendor, self.folder = vendor, folder
        self.licence, self.password = folder / "license.jwt", folder / "password"
        self.licence.write_text(vendor.licence)
        self.password.write_text(vendor.password + "\n")
        self.port = vendor.web[1]
        host, path = HOSTS[version]
        self.resolve = [f"--resolve={name}:{self.port}:127.0.0.1" for name in ("nim.example", host)]
        self.endpoint = f"https://{host}:{self.port}{path}"

    @property
    def named(self) -> list[str]:
        """The NIM and who may ask it."""
        return [
            f"--nim=nim.example:{self.port}",
            f"--license={self.licence}",
            f"--password-file={self.password}",
            f"--endpoint-url={self.endpoint}",
            "--proxy=none",
            *self.resolve,
        ]

    @property
    def posts(self) -> list[str]:
        """What was posted where reports go."""
        return [one.path for one in self.vendor.requests if one.method == "POST" and one.path in {BULK, BATCH}]


@pytest.fixture(params=HOSTS)
def there(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[There]:
    """A site of each generation."""
    with running(nim_version=request.param) as vendor:
        monkeypatch.setenv("SSL_CERT_FILE", str(vendor.world.ca_file))
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
        monkeypatch.chdir(tmp_path)
        yield There(vendor, request.param, tmp_path)


def run(*arguments: str) -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(command, [*arguments, "-o", "json"], catch_exceptions=False)
    return result.exit_code, json.loads(result.stdout)


def failures(document: dict[str, Any]) -> list[str]:
    return [one["failure"] for one in document["observations"] if one.get("failure")]


def test_without_submit_it_looks_and_says_what_it_would_send(there: There) -> None:
    code, document = run(*there.named)
    assert (code, failures(document), there.posts) == (0, [], [])
    held = [one for one in document["observations"] if one["outcome"] == "skipped"]
    assert any(f"POST {there.endpoint} with " in one["because"] for one in held)
    assert "Nothing was sent that counts" in document["notes"][0]


def test_with_submit_it_is_done_and_a_second_time_nothing_is_sent(there: There) -> None:
    results = there.folder / "results"
    code, document = run(*there.named, "--submit", f"--result-dir={results}")
    assert (code, failures(document), len(there.posts)) == (0, [], 1)
    assert {one.name: stat.S_IMODE(one.stat().st_mode) for one in results.iterdir()} == {
        "report.zip": 0o600,
        "acknowledgement.zip": 0o600,
        "journal.jsonl": 0o600,
    }
    again = [*there.named, "--submit", f"--result-dir={results}"]
    assert "its submission is complete: use another folder" in refused(*again)
    assert len(there.posts) == 1
    forget(results, "complete")  # as if the first run had been killed just before its end
    code, document = run(*again)
    assert (code, failures(document), len(there.posts)) == (0, [], 1)
    assert "not sent again" in json.dumps(document)


def forget(results: Path, what: str) -> None:
    journal = results / "journal.jsonl"
    lines = journal.read_text().splitlines(keepends=True)
    assert any(f'"{what}"' in line for line in lines)
    journal.write_text("".join(line for line in lines if f'"{what}"' not in line))


def test_a_folder_is_for_one_report(there: There) -> None:
    """Otherwise the next month's would be taken for it, and nobody would notice that nothing was sent."""
    first, second = there.folder / "first", there.folder / "second.zip"
    run(*there.named, "--submit", f"--result-dir={first}")
    forget(first, "complete")
    second.write_bytes((first / "report.zip").read_bytes() + b"\n")
    arguments = [one for one in there.named if not one.startswith(("--nim", "--password"))]
    words = refused(*arguments, f"--report={second}", "--submit", f"--result-dir={first}")
    assert "it is for another report than" in words
    assert len(there.posts) == 1


def test_a_report_from_a_file_is_sent_from_a_host_that_sees_no_nim(there: There) -> None:
    first = there.folder / "first"
    run(*there.named, "--submit", f"--result-dir={first}")
    before = [one.host for one in there.vendor.requests].count("nim.example")
    arguments = [one for one in there.named if not one.startswith(("--nim", "--password"))]
    report, again = f"--report={first / 'report.zip'}", f"--result-dir={there.folder / 'again'}"
    code, document = run(*arguments, report, "--submit", again)
    assert (code, failures(document), len(there.posts)) == (0, [], 2)
    assert [one.host for one in there.vendor.requests].count("nim.example") == before


def test_what_is_not_accepted_ends_with_one(there: There) -> None:
    there.password.write_text("wrong")
    code, document = run(*there.named, "--submit", f"--result-dir={there.folder / 'results'}")
    assert (code, failures(document), there.posts) == (1, ["submit_unauthorized"], [])


@pytest.mark.parametrize("way", ["file", "environment"])
def test_the_password_comes_from_a_file_or_the_environment(
    there: There, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = there.named
    if way == "environment":
        arguments = [one for one in arguments if not one.startswith("--password")]
        monkeypatch.setenv(PASSWORD, there.vendor.password)
    assert run(*arguments)[0] == 0


def refused(*arguments: str) -> str:
    with pytest.raises(InputError) as error:
        CliRunner().invoke(command, arguments, prog_name="simulate", catch_exceptions=False)
    return str(error.value)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--submit",), "--submit needs --nim HOST or --report ZIP"),
        (("--nim=n", "--report=r"), "not from both"),
        (("--nim=n", "--submit"), "--submit needs --result-dir"),
        (("--nim=n", "nim-2.22-disconnected"), "a real site's own version decides"),
        (("--nim=n", "--fault=nim-500"), "a real site's own version decides"),
        (("--nim=http://n", "--password-file=pw"), "write a host, or https://HOST:PORT"),
        (("--nim=https://", "--password-file=pw"), "write a host, or https://HOST:PORT"),
        (("--nim=n", "--password-file=missing"), "No such file"),
        (("--report=missing.zip",), "cannot be read"),
        (("--report=pw", "--license=pw"), "--license pw: "),
        (("--report=pw", "--proxy=socks5://p:1"), "only http and https"),
        (
            ("--report=pw", "--proxy=https://p:1"),
            "proxy of this run (flag): a submission speaks to a proxy in plain HTTP",
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_words(
    arguments: tuple[str, ...], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pw").write_text("secret")
    assert words in refused(*arguments)
    assert sorted(os.listdir(tmp_path)) == ["pw"]  # noqa: PTH208 (names are enough)


@pytest.mark.parametrize("line", ["submit = true", 'endpoint-url = "https://elsewhere.example/"'])
def test_a_file_in_the_folder_cannot_make_it_send(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nimnetcheck.toml").write_text(f"[simulate]\n{line}\n")
    assert "counts on the command line only" in refused("--nim=n")


@pytest.mark.parametrize("variable", [True, False])
def test_a_password_in_the_proxy_s_url_is_refused_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, *, variable: bool
) -> None:
    url = "http://me:marked@p:1"
    if variable:
        monkeypatch.setenv("NIMNETCHECK_PROXY", url)
    words = refused("--report=r", *([] if variable else [f"--proxy={url}"]))
    assert "put user:password in a file, --proxy-auth FILE" in words
    assert "marked" not in words


@pytest.mark.parametrize(
    "url", ["https://admin:marked@nim.example", "http://admin:marked@nim.example", "admin:marked@n"]
)
def test_a_password_in_the_url_of_nim_is_refused_and_not_repeated(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pw").write_text("secret")
    words = refused(f"--nim={url}", "--password-file=pw")
    assert "without a user name or password" in words
    assert "marked" not in words
