"""Every exception of ours carries the exit code that the design gives it."""

from __future__ import annotations

from nimnetcheck.errors import InputError, NimnetcheckError, NotJudgedError


def test_exit_codes_are_as_designed() -> None:
    assert (NimnetcheckError.exit_code, InputError.exit_code, NotJudgedError.exit_code) == (5, 2, 3)
    assert issubclass(InputError, NimnetcheckError)
    assert issubclass(NotJudgedError, NimnetcheckError)
