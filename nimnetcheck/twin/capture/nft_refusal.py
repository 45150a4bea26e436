"""What nft's text must not hold: statements that read files, run on or print, and names for a resolver to find."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

from nimnetcheck.twin.capture.text import refuse, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nimnetcheck.twin.capture.value import Source

# What may begin a statement: a ruleset is made of these, and the rest would print, wait or change the host.
STATEMENTS = frozenset(
    [
        "table",
        "add",
        "create",
        "insert",
        "delete",
        "destroy",
        "flush",
        "define",
        "redefine",
        "undefine",
        "replace",
        "rename",
        "rule",
        "chain",
        "set",
        "map",
        "element",
        "flowtable",
        "counter",
        "quota",
        "limit",
    ]
)
_STATEMENT = re.compile(r"(?:^|;)\s*([A-Za-z]\w*)")
_INCLUDE = re.compile(r"(?<![\w./-])include(?![\w./-])")
_ADDRESS = re.compile(r"\bip6?\s+[sd]addr\s+(?:(?:!=|==)\s*)?(?:\{([^{}]*)\}|([A-Za-z][\w.:/-]*))")
_NAT_NAME = re.compile(r"\b[sd]nat\s+(?:ip6?\s+)?to\s+([A-Za-z][\w-]*\.[\w.-]+)")
_SET = re.compile(r"\s*(?:set|map)\s+\S+\s*\{")
_KIND = re.compile(r"\btype(?:of)?\s+([^;{}]+)")
_ELEMENTS = re.compile(r"\belements\s*=\s*\{")
_ELEMENT = re.compile(r"[{},]")
_FIELD = re.compile(r"\s+[.:]\s+")  # of a key, and between a key and its value
_OPERATORS = frozenset(["map", "vmap", "and", "or", "xor", "eq", "ne", "lt", "gt", "le", "ge", "lshift", "rshift"])


def check(source: Source, masked: Sequence[str]) -> None:
    """Refuse it, with its line; `masked` are the lines with quoted text and comments blotted out."""
    depth, joined = 0, False
    for number, line in enumerate(masked, 1):
        if '"' in line:
            refuse(source, number, "a quoted text that does not end on its line")
        if _INCLUDE.search(line):
            refuse(source, number, "'include' reads other files, and is not followed: give the whole ruleset")
        if depth == 0 and line.lstrip().startswith("{"):
            refuse(source, number, "JSON: give what 'nft -a -s list ruleset' prints")
        outermost, depth = _outermost(line, depth)
        for match in _STATEMENT.finditer(outermost):
            if match.group(1) not in STATEMENTS and not (joined and match.start() == 0):
                refuse(source, number, f"{shown(match.group(1))!r} begins no statement of a ruleset")
        joined = line.endswith("\\")
        name = _host_name(line)
        if name:
            _refuse_name(source, number, name)
    for number, name in _named_elements(masked):
        _refuse_name(source, number, name)


def _refuse_name(source: Source, number: int, name: str) -> NoReturn:
    refuse(source, number, f"{shown(name)!r} is a name, and no name is resolved here: write its addresses")


def _outermost(line: str, depth: int) -> tuple[str, int]:
    """What of a line stands outside all blocks, and how deep its end is."""
    outside = []
    for piece in re.split(r"([{}])", line):
        if piece == "}":
            depth = max(0, depth - 1)
        if depth == 0:
            outside.append(piece)
        if piece == "{":
            depth += 1
    return "".join(outside), depth


def _named_elements(masked: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Names among the elements of sets and maps that hold addresses."""
    held: tuple[bool, ...] = ()
    within = False
    for number, line in enumerate(masked, 1):
        if _SET.match(line):
            held, within = (), False
        kind = _KIND.search(line)
        if kind and not within:
            held = tuple("addr" in part and "ether" not in part for part in _FIELD.split(kind.group(1)))
        begin = _ELEMENTS.search(line)
        within = within or begin is not None
        if within and any(held):
            rest = line[begin.end() :] if begin else line
            yield from ((number, name) for element in _ELEMENT.split(rest) for name in _names(element, held))
        within = within and "}" not in line


def _names(element: str, held: tuple[bool, ...]) -> Iterator[str]:
    """The fields of one element, key and value alike, that hold an address and are none."""
    for field, is_address in zip(_FIELD.split(element), held):
        word = field.strip().partition(" ")[0]
        if is_address and _is_name(word):
            yield word


def _host_name(line: str) -> str:
    """The first name that stands where nft would resolve it; empty when there is none."""
    for match in _ADDRESS.finditer(line):
        for word in (part.strip().partition(" ")[0] for part in (match.group(2) or match.group(1)).split(",")):
            if _is_name(word) and word not in _OPERATORS:
                return word
    translated = _NAT_NAME.search(line)
    return translated.group(1) if translated else ""


def _is_name(word: str) -> bool:
    return word[:1].isalpha() and ":" not in word
