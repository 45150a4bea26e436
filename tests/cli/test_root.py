"""Every error of the command line is one clear line and its designed exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from nimnetcheck import cli
from nimnetcheck.errors import InputError, NotJudgedError

if TYPE_CHECKING:
    from pathlib import Path


def nimnetcheck(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nimnetcheck", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


def test_help_lists_every_command_and_exit_code() -> None:
    done = nimnetcheck("--help")
    assert done.returncode == 0
    assert all(name in done.stdout for name in cli.COMMANDS)
    assert all(f"  {code}  " in done.stdout for code in (0, 1, 2, 3, 4, 5, 130))


def test_no_command_is_a_usage_error_that_shows_the_help() -> None:
    done = nimnetcheck()
    assert (done.returncode, done.stdout) == (2, "")
    assert "Commands:" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [("nonsense",), ("targets", "--for", "nim-9"), ("targets", "--catalogue", "/no/such"), ("targets", "--x")],
)
def test_bad_input_is_exit_code_two_without_a_traceback(arguments: tuple[str, ...]) -> None:
    done = nimnetcheck(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


@pytest.mark.parametrize(
    ("error", "code"),
    [(InputError("no"), 2), (NotJudgedError("no"), 3), (ValueError("bug"), 5), (KeyboardInterrupt(), 130)],
)
def test_each_kind_of_error_has_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException, code: int
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(cli.root, "main", fail)
    assert cli.run([]) == code
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_reader_that_goes_away_is_no_error() -> None:
    piped = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {sys.executable} -m nimnetcheck targets | true; echo $?"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert piped.stdout.strip() == "0"
    assert "Traceback" not in piped.stderr


def test_version(tmp_path: Path) -> None:
    done = nimnetcheck("--version", HOME=str(tmp_path))
    assert done.stdout.startswith("nimnetcheck ")
