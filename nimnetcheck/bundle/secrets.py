"""Secrets in text from a host: found by their form or by the word before them, and taken out for good; pure.

What is taken out too much costs a line of a log; what is left in is somebody's password. So a value ends where its
line does, wherever a form does not say better.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Callable

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping

WORDS = r"(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|private[_-]?key|credentials?|username|auth_user)"
SECRET_KEY = re.compile(rf"(?i){WORDS}")


def _removed(match: re.Match[str]) -> str:
    """All of it goes, but what names it."""
    return f"{match.group('name') or ''}[removed]"


def _fingerprint(match: re.Match[str]) -> str:
    """A token is known by the beginning of its sum, as everywhere in this tool."""
    return f"[token sha256:{hashlib.sha256(match.group().encode()).hexdigest()[:12]}]"


FORMS: Mapping[str, tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = {
    "private key": (
        re.compile(
            r"(?P<name>)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL
        ),
        _removed,
    ),
    "token": (re.compile(r"\beyJ[\w-]{4,}\.[\w-]{4,}(?:\.[\w-]*)?"), _fingerprint),
    "header": (re.compile(r"(?im)(?P<name>(?:authorization|cookie|x-api-key)[\"']?[ \t]*[:=])[^\n]+"), _removed),
    "scheme": (re.compile(r"(?i)(?P<name>\b(?:bearer|basic)[ \t]+)[\w+/.~-]{6,}=*"), _removed),
    "user info": (re.compile(r"(?P<name>\b[a-z][a-z0-9+.-]*://)[^\s/@]+(?=@)", re.IGNORECASE), _removed),
    "block": (  # YAML: what belongs to the key stands on the lines below, further in
        re.compile(
            rf"(?im)^(?P<name>(?P<indent>[ \t]*)[\"']?[\w.-]*{WORDS}\w*[\"']?[ \t]*:)[ \t]*(?:[|>][-+\d]*)?[ \t]*"
            r"(?:\n(?P=indent)[ \t]+[^\n]*)+"
        ),
        _removed,
    ),
    "value": (
        re.compile(rf"(?i)(?P<name>\b[\w.-]*{WORDS}\w*[\"']?[ \t]*(?:[:=]|(?<=password|username)[ \t]))[^\n]+"),
        _removed,
    ),
    "argument": (re.compile(rf"(?i)(?P<name>(?<!\S)--?[\w-]*{WORDS}[ =])\S+"), _removed),
}


def take_out(text: str, count: Counter[str]) -> str:
    """The text without its secrets; `count` is told what was taken out."""
    for what, (form, replace) in FORMS.items():
        text, times = form.subn(replace, text)
        count[what] += times
    return text
