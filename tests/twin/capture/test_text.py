"""Files from outside are read whole, with their lines in place, or refused with file, line and reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nimnetcheck.errors import InputError
from nimnetcheck.twin.capture import text as capture_text
from nimnetcheck.twin.capture.text import decode, printable, read, shown

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "*filter\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        b"\xff\xfe" + TEXT.encode("utf-16-le"),
        b"\xfe\xff" + TEXT.replace("\n", "\r\n").encode("utf-16-be"),
    ],
    ids=["plain", "CRLF", "UTF-8 with a mark", "UTF-16 of Windows", "the other UTF-16"],
)
def test_what_windows_made_of_a_save_is_the_same_save(data: bytes) -> None:
    assert decode("save", data).text == TEXT


def test_a_foreign_comment_does_not_stop_a_capture() -> None:
    assert decode("save", 'comment "größe"'.encode("latin-1")).text.startswith('comment "gr')


@pytest.mark.parametrize("control", ["\x00", "\x1b[2J", "\x9b", "\r", "\u202e", "\x7f"])
def test_what_could_steer_a_terminal_is_refused_with_its_line(control: str) -> None:
    with pytest.raises(InputError, match=r"save:2: the control character"):
        decode("save", f"one\ntwo {control}!\nthree".encode())


def test_tabs_and_newlines_are_no_control_characters() -> None:
    assert decode("save", b"\tone\n").text == "\tone\n"


def test_a_text_has_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture_text, "MAX_BYTES", 9)
    monkeypatch.setattr(capture_text, "MAX_LINES", 4)
    assert decode("save", b"123456789").text == "123456789"
    with pytest.raises(InputError, match="no firewall's text"):
        decode("save", b"1234567890")
    assert decode("save", b"\n" * 4).text
    with pytest.raises(InputError, match="more than 4 lines"):
        decode("save", b"\n" * 5)


def test_a_file_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="none: cannot be read: No such file or directory"):
        read(tmp_path / "none")


def test_foreign_text_is_shown_on_one_line_without_steering_it() -> None:
    assert printable("one\x1b[2J\ntwo") == "one?[2J?two"
    assert shown("x" * 61) == "x" * 60 + "…"
    assert shown(" " + "x" * 60) == "x" * 60
