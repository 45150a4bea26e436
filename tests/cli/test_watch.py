"""`nimnetcheck watch` as Prometheus, the node exporter and systemd meet it."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import httpx
import pytest
from click.testing import CliRunner
from prometheus_client.parser import text_string_to_metric_families

from nimnetcheck.cli.watch import command, parse_time
from nimnetcheck.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WATCH = [sys.executable, "-u", "-m", "nimnetcheck", "watch"]
REFUSING = 9  # discard: nobody has served it for decades


def catalogue(folder: Path, port: int = REFUSING) -> str:
    """A catalogue with one endpoint, on loopback."""
    path = folder / "own.toml"
    path.write_text(
        f"""
[[endpoint]]
id = "here"
networks = ["127.0.0.1/32"]
port = {port}
connects = ["nim"]
versions = "any"
purpose = "a port"
source = "https://example.com/"

[[profile]]
id = "own"
title = "Own"
endpoints = ["here"]
""",
        encoding="utf-8",
    )
    return str(path)


@pytest.fixture
def silent() -> Iterator[int]:
    """A port whose queue of connections is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server, ExitStack() as stack:
        for _ in range(3):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)  # noqa: FBT003 (the standard library's signature)
            waiting.connect_ex(server.getsockname())
        yield server.getsockname()[1]


@pytest.mark.parametrize(("text", "seconds"), [("90", 90), ("60s", 60), ("5m", 300), ("1h", 3600), ("24h", 86400)])
def test_times_as_people_write_them(text: str, seconds: int) -> None:
    assert parse_time(text) == seconds


@pytest.mark.parametrize("text", ["", "s", "5", "9s", "1d", "-60s", "1.5h", "25h", "\u0666\u0660s"])
def test_times_that_are_none_or_too_short(text: str) -> None:
    with pytest.raises(InputError, match="--every"):
        parse_time(text)


def test_where_the_metrics_go_must_be_said() -> None:
    assert CliRunner().invoke(command, []).exit_code == 2


def test_a_file_that_the_node_exporter_would_not_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="prom"):
        CliRunner().invoke(command, ["--textfile", str(tmp_path / "metrics.txt")], catch_exceptions=False)


def test_the_textfile_is_whole_and_readable_for_the_node_exporter(tmp_path: Path) -> None:
    path = tmp_path / "nimnetcheck.prom"
    given = ["--catalogue", catalogue(tmp_path), "--for", "own", "--textfile", str(path), "--runs", "1"]
    assert CliRunner().invoke(command, given, catch_exceptions=False).exit_code == 0
    families = {family.name: family for family in text_string_to_metric_families(path.read_text(encoding="utf-8"))}
    samples = {sample.labels["endpoint"]: sample.value for sample in families["probe_success"].samples}
    assert samples == {"here": 0, "host": 1}
    assert path.stat().st_mode & 0o777 == 0o644
    assert sorted(each.name for each in tmp_path.iterdir()) == ["nimnetcheck.prom", "own.toml"]


def served(url: str) -> str:
    """The metrics, once the first run is over."""
    while True:
        got = httpx.get(url, trust_env=False)
        if got.status_code == httpx.codes.OK:
            return got.text
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_asked_to_end(tmp_path: Path, number: signal.Signals) -> None:
    given = ["--catalogue", catalogue(tmp_path), "--for", "own", "--listen", "127.0.0.1:0", "--every", "1h"]
    with subprocess.Popen([*WATCH, *given], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        found = re.search(r"http://\S+/metrics", running.stderr.readline())
        assert found is not None
        assert 'probe_success{endpoint="here"} 0' in served(found[0])
        running.send_signal(number)
        said, complained = running.communicate()
    assert (running.returncode, said, complained) == (0, "", "")


def test_it_ends_at_once_in_the_middle_of_a_run(tmp_path: Path, silent: int) -> None:
    given = ["--catalogue", catalogue(tmp_path, silent), "--for", "own", "--textfile", str(tmp_path / "n.prom")]
    patient = ["--timeout", "60", "--deadline", "60", "--listen", "127.0.0.1:0"]
    with subprocess.Popen([*WATCH, *given, *patient], stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        running.stderr.readline()
        running.send_signal(signal.SIGTERM)
        assert running.wait() == 0
    assert [each.name for each in tmp_path.iterdir()] == ["own.toml"]
