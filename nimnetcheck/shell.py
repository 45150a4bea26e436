"""The frame of a POSIX sh script: head, settings, functions, and `load`, `check` or `remove`.

A script fails at its first failing step. Text for a tool stands in quoted here-documents, which the shell does not
read: what is in them goes to the tool as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nimnetcheck.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

END = "END"
_WORDS = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?: [A-Za-z0-9_][A-Za-z0-9_.-]*)*")

_FRAME = """\
#!/bin/sh
{head}

set -euf
PATH=$PATH:/usr/sbin:/sbin
say() {{ printf 'nimnetcheck: %s\\n' "$*" >&2; }}
die() {{
    say "$*"
    exit 1
}}
need() {{
    for tool in "$@"; do
        command -v "$tool" >/dev/null 2>&1 || die "$tool is not installed, and nothing was done"
    done
}}
# Words go into rules: letters, digits, '_', '.' and '-' only.
plain() {{
    case $2 in
    '' | -* | *' -'* | *[!A-Za-z0-9_.\\ -]*) die "$1='$2' is not a name, and nothing was done" ;;
    esac
}}
{body}
case ${{1:-load}} in
load | check | remove) "${{1:-load}}" ;;
*) die "usage: sh $0 [load|check|remove]" ;;
esac
"""


def script(head: str, parts: Iterable[str]) -> str:
    """The whole script; `parts` define its settings and the functions load, check and remove."""
    return _FRAME.format(head=head.rstrip("\n"), body="\n".join(part.strip("\n") for part in parts))


def printing(name: str, lines: Iterable[str]) -> str:
    """A function that prints these lines; raises InputError for a line that would end the here-document."""
    text = list(lines)
    for line in text:
        if line == END or not line.isprintable():
            raise InputError(f"{line!r} cannot stand in a rule file")
    if not text:
        return f"{name}() {{ :; }}"
    return "\n".join([f"{name}() {{", f"    cat <<'{END}'", *text, END, "}"])


def names(what: str, given: str, *, counts: tuple[int, ...], form: str) -> str:
    """The names of tables and chains as given, or "" for the default; raises InputError when they are none."""
    if given and (not _WORDS.fullmatch(given) or len(given.split()) not in counts):
        raise InputError(f"{what} {given!r}: write {form}")
    return given
