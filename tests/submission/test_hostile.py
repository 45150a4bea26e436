"""Hostile inputs, whole: each is a clear refusal with its exit code, and nothing is written outside its folder."""

from __future__ import annotations

import base64
import gzip
import io
import json
import socket
import ssl
import stat
import threading
import zipfile
from contextlib import contextmanager
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from click.testing import CliRunner

from nimnetcheck.cli.simulate import command
from nimnetcheck.errors import InputError
from nimnetcheck.model import Failure, World
from nimnetcheck.submission import FLOWS
from nimnetcheck.submission.flow import Site
from nimnetcheck.submission.generation import submit
from nimnetcheck.submission.retries import Patience
from tests.submission.conftest import LICENCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.submission.conftest import FarSide

HOST = "nim.example"
USAGE = gzip.compress(b"{}")
GROUP = {"g/t/jwt.txt": b"a.b.c", "g/t/usage_1.gzip": USAGE}


def zipped(entries: Mapping[str, bytes], mode: int = 0o600, how: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as made:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            info.compress_type = how
            made.writestr(info, data)
    return file.getvalue()


def encrypted(data: bytes) -> bytes:
    found = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for at in [i for i in range(len(found)) if found.startswith(mark, i)]:
            found[at + offset] |= 1
    return bytes(found)


REPORTS = {
    "bomb": zipped({**GROUP, "g/t/usage_2.gzip": bytes(8 * 1024**2)}, how=zipfile.ZIP_DEFLATED),
    "traversal": zipped({**GROUP, "../../outside/usage_1.gzip": USAGE}),
    "absolute": zipped({**GROUP, "/tmp/outside/usage_1.gzip": USAGE}),  # noqa: S108 (hostile on purpose)
    "backslash": zipped({**GROUP, "g\\..\\usage_1.gzip": USAGE}),
    "symlink": zipped({**GROUP, "g/t/usage_2.gzip": b"/etc/passwd"}, mode=stat.S_IFLNK | 0o777),
    "encrypted": encrypted(zipped(GROUP)),
    "truncated": zipped(GROUP)[:-40],
    "escape in a name": zipped({**GROUP, "g/t/usage_\x1b[2J.gzip": USAGE}),
    "no gzip": zipped({**GROUP, "g/t/usage_2.gzip": b"<html>"}),
    "no token": zipped({**GROUP, "g/t/jwt.txt": b"not a token"}),
    "token of a megabyte": zipped({**GROUP, "g/t/jwt.txt": b"a" * 1024**2}),
    "token with a line": zipped({**GROUP, "g/t/jwt.txt": b"a.b.c\r\nX-Evil: 1"}),
    "empty": b"",
    "html": b"<html>sign in</html>",
}


@pytest.mark.parametrize("name", REPORTS)
def test_a_hostile_report_is_refused_and_nothing_of_it_leaves(
    far: FarSide, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    report = inner / "report.zip"
    report.write_bytes(REPORTS[name])
    with far.serving() as world:
        seen = list(submit(site(world, report_file=report, result_dir=inner / "results"), FLOWS))
    failed = [one for one in seen if one.failure]
    assert [one.failure for one in failed] == [Failure.SUBMIT_UNEXPECTED_ANSWER]
    assert failed[0].detail.isprintable()
    assert far.got == []
    names = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()} - {"ca.pem"}
    kept = {f"a/b/results/{name}" for name in ("report.zip", "acknowledgement.zip", "journal.jsonl")}
    assert names == {"a/b/report.zip", *kept}


def site(world: World, **more: Any) -> Site:  # noqa: ANN401 (whatever a site has)
    pins = dict.fromkeys((HOST, "product.apis.f5.com", "product.connect.nginx.com"), (ip_address("192.0.2.10"),))
    world = attrs.evolve(world, pins={(host, 443): found for host, found in pins.items()})
    plain = Site(
        world=world,
        nim_url="",
        username="admin",
        password="",
        licence=None,
        timeout_s=2,
        wait_s=0.2,
        poll_s=0.01,
        patience=Patience(attempts=2, first_s=0.01),
    )
    return attrs.evolve(plain, **{"licence": LICENCE, **more})


DEEP = b'{"nim":' + b"[" * 200_000 + b"]" * 200_000 + b"}"
ANSWERS = {
    "ten megabytes of JSON": (b"", b'{"nim": "' + b"2" * 10 * 1024**2 + b'"}'),
    "deep nesting": (b"", DEEP),
    "invalid UTF-8": (b"", b'{"nim": "\xff\xfe\xc3\x28"}'),
    "a number that is none": (b"", b'{"nim": 1e999999}'),
    "a flood of headers": (b"".join(b"X-%d: y\r\n" % number for number in range(100_000)), b"{}"),
    "one endless header": (b"X: " + b"y" * 1024**2 + b"\r\n", b"{}"),
    "a header that steers": (b"Server: \x1b[2J\r\n", b'{"nim": "\x1b[2J"}'),
    "no JSON at all": (b"", b"\x00" * 1000),
    "a page": (b"", b"<html><script>alert(1)</script>"),
    "a list": (b"", b"[]"),
}


@contextmanager
def speaker(far: FarSide, said: bytes) -> Iterator[World]:
    """A TLS server that says the same to everybody, as often as it is asked."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    far.authority.issue_cert(HOST).configure_cert(context)
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)

        def serve() -> None:
            while not ended.is_set():
                try:
                    raw, _ = listener.accept()
                except OSError:
                    continue
                raw.settimeout(5)
                try:
                    with context.wrap_socket(raw, server_side=True) as connection:
                        connection.recv(65536)
                        connection.sendall(said)
                except OSError:
                    raw.close()

        thread = threading.Thread(target=serve)
        thread.start()
        yield far.world(listener.getsockname()[1])
        ended.set()
        thread.join()


@pytest.mark.parametrize("name", ANSWERS)
def test_a_hostile_answer_is_a_failure_with_a_name(far: FarSide, name: str) -> None:
    headers, body = ANSWERS[name]
    said = b"HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (headers, len(body), body)
    with speaker(far, said) as world:
        seen = list(submit(site(world, nim_url=f"https://{HOST}"), FLOWS))
    assert [one.failure for one in seen] in (
        [Failure.SUBMIT_UNEXPECTED_ANSWER],
        [Failure.HTTP_NOT_HTTP],
        [Failure.HTTP_BLOCK_PAGE],
        [Failure.HTTP_CLOSED],
    )
    assert seen[0].detail.isprintable()
    assert len(json.dumps(dict(seen[0].evidence))) < 10_000


def part(data: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


LICENCES: Mapping[str, str] = {
    "alg none": f"{part({'alg': 'none'})}.{part({'sub': 'x'})}.",
    "alg None": f"{part({'alg': 'NoNe'})}.{part({'sub': 'x'})}.c2ln",
    "odd padding": f"{part({'alg': 'RS512'})}=.{part({'sub': 'x'})}===.c2ln",
    "a megabyte": "a" * 1024**2,
    "four parts": "a.b.c.d",
    "deep": f"{part({'alg': 'RS512'})}.{base64.urlsafe_b64encode(b'[' * 20_000).decode().rstrip('=')}.c2ln",
    "header of a list": f"{part([])}.{part({})}.c2ln",
    "not text": "\udcff",
    "empty": "",
}


@pytest.mark.parametrize("name", LICENCES)
def test_a_hostile_licence_is_refused_before_anything_is_done(name: str, tmp_path: Path) -> None:
    path = tmp_path / "license.jwt"
    path.write_bytes(LICENCES[name].encode("utf-8", "surrogateescape"))
    report = tmp_path / "report.zip"
    report.write_bytes(zipped({"opaque": b"x"}))
    arguments = [f"--license={path}", f"--report={report}", "--proxy=none"]
    with pytest.raises(InputError) as refused:
        CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert str(refused.value).startswith(f"--license {path}: ")
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < len(str(path)) + 200


def test_what_the_hostile_reports_are_made_from_is_taken(far: FarSide, tmp_path: Path) -> None:
    report = tmp_path / "report.zip"
    report.write_bytes(zipped(GROUP))
    with far.serving(far.authority.issue_cert("product.connect.nginx.com")) as world:
        seen = list(submit(site(world, report_file=report), FLOWS))
    assert [one.failure for one in seen if one.failure] == []
    assert len(far.got) == 1
