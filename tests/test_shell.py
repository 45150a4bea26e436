"""The frame of every script, run by the shell itself."""

from __future__ import annotations

import subprocess

import pytest

from nimnetcheck.errors import InputError
from nimnetcheck.shell import names, printing, script

BODY = "load() { say loaded; }\ncheck() { need no-such-tool; say after; }\nremove() { false; say after; }"


def run(text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", "-c", text, "FILE", *arguments], check=False, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 0, "nimnetcheck: loaded\n"),
        (("load",), 0, "nimnetcheck: loaded\n"),
        (("check",), 1, "nimnetcheck: no-such-tool is not installed, and nothing was done\n"),
        (("remove",), 1, ""),
        (("reload",), 1, "nimnetcheck: usage: sh FILE [load|check|remove]\n"),
        (("load; echo x",), 1, "nimnetcheck: usage: sh FILE [load|check|remove]\n"),
    ],
)
def test_it_does_what_it_is_asked(arguments: tuple[str, ...], code: int, said: str) -> None:
    done = run(script("# head", [BODY]), *arguments)
    assert (done.returncode, done.stderr, done.stdout) == (code, said, "")


@pytest.mark.parametrize("word", ["inet filter output", "OUTPUT", "a_b-c.d"])
def test_plain_words_pass(word: str) -> None:
    assert run(script("#", [f"load() {{ plain INTO '{word}'; }}"])).returncode == 0


@pytest.mark.parametrize("word", ["", "-F", "a -F", "a;b", "a\nb", "a*", "$(x)", "a\tb", "a/b", 'a"b'])
def test_words_that_could_be_more_are_refused(word: str) -> None:
    done = subprocess.run(
        ["sh", "-c", script("#", ['load() { plain INTO "$WORD"; }'])],
        check=False,
        capture_output=True,
        text=True,
        env={"WORD": word, "PATH": "/usr/bin:/bin"},
    )
    assert "is not a name, and nothing was done" in done.stderr
    assert done.returncode == 1


@pytest.mark.parametrize("line", ["$(echo x)", "`echo x`", "$HOME", "\\", "it's", " END"])
def test_the_shell_does_not_read_what_it_prints(line: str) -> None:
    done = run(printing("lines", [line]) + "\nlines")
    assert done.stdout == f"{line}\n"


@pytest.mark.parametrize("line", ["END", "a\nEND", "\x1b"])
def test_a_line_that_would_end_the_text_is_refused(line: str) -> None:
    with pytest.raises(InputError):
        printing("lines", ["a", line])


def test_nothing_to_print_is_nothing() -> None:
    assert run(printing("lines", []) + "\nlines").stdout == ""


def test_names_are_counted() -> None:
    assert names("--into", "inet filter output", counts=(3,), form="") == "inet filter output"
    assert names("--into", "", counts=(3,), form="") == ""
    for bad in ("inet filter", "inet  filter output", "inet filter -f", "inet filter output\n"):
        with pytest.raises(InputError, match="write FORM"):
            names("--into", bad, counts=(3,), form="FORM")
