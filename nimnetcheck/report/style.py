"""How text may look where it is going. Words always carry the meaning; colour only repeats it."""

from __future__ import annotations

import attrs

from nimnetcheck.model import Verdict

MIN_WIDTH = 60
_COLORS = {Verdict.PASS: "32", Verdict.WARN: "33", Verdict.FAIL: "31", Verdict.UNKNOWN: "35", Verdict.SKIP: "2"}
_ASCII = {"\u2026": "...", "\u2192": "->", "\u00b7": "-", "\u2013": "-", "\u2019": "'"}


@attrs.frozen(kw_only=True)
class Style:
    """Colour, characters, width in columns, and how much to say."""

    color: bool = False
    ascii_only: bool = False
    width: int = 100
    quiet: bool = False
    verbose: int = 0

    @property
    def columns(self) -> int:
        """The width to fill: never below what a table needs, never too long to read."""
        return max(MIN_WIDTH, min(self.width, 120))

    def word(self, verdict: Verdict) -> str:
        """PASS, WARN, FAIL, UNKNOWN or SKIP, padded to one width, coloured where colour is wanted."""
        return self.paint(f"{verdict:<7}".rstrip(), _COLORS[verdict])

    def strong(self, words: str) -> str:
        """Emphasis, for headings."""
        return self.paint(words, "1")

    def paint(self, words: str, code: str) -> str:
        """The words in a colour (SGR code), where colour is wanted."""
        return f"\x1b[{code}m{words}\x1b[0m" if self.color else words

    def safe(self, text: str) -> str:
        """Text from the network or a file: no control character, and ASCII where the terminal needs it."""
        printable = "".join(character if character.isprintable() or character == "\n" else "?" for character in text)
        if not self.ascii_only:
            return printable
        plain = "".join(_ASCII.get(character, character) for character in printable)
        return plain.encode("ascii", "replace").decode()
