"""Exceptions for misuse only; trouble on the network is a value, never an exception.

NimnetcheckError            exit code 5: a bug or a broken machine
└── InputError              exit code 2: usage, configuration or input refused
└── NotJudgedError          exit code 3: something required could not be judged
"""

from __future__ import annotations


class NimnetcheckError(Exception):
    """Something that ends the command; the message is one clear line: what, where, why, what to do."""

    exit_code = 5


class InputError(NimnetcheckError):
    """The user's input was refused."""

    exit_code = 2


class NotJudgedError(NimnetcheckError):
    """What was asked for cannot be judged on this machine."""

    exit_code = 3
