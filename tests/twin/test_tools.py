"""Tools are run without the caller's environment, and a missing one is said so."""

from __future__ import annotations

import pytest

from nimnetcheck.errors import NotJudgedError
from nimnetcheck.twin.tools import Ran, run


def test_a_tool_sees_no_variable_of_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XTABLES_LIBDIR", "/tmp/elsewhere")  # noqa: S108 (only a value)
    ran = run(("env",))
    assert "XTABLES_LIBDIR" not in ran.out
    assert "LC_ALL=C" in ran.out


def test_text_is_read_and_an_error_is_told() -> None:
    assert run(("cat",), "a\n").out == "a\n"
    refused = run(("ls", "/no/such/place"))
    assert refused.is_refused
    assert "No such file" in refused.reason


def test_silence_is_told_by_the_exit_code() -> None:
    assert Ran(code=4, out="", said="\n").reason == "exit code 4"


def test_a_missing_tool_is_not_judged() -> None:
    with pytest.raises(NotJudgedError, match="no-such-tool is not installed"):
        run(("no-such-tool",))
