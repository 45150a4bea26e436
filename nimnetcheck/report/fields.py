"""A JSON object from outside, taken apart field by field: each of its type, each once, and nothing left over."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, TypeVar

from nimnetcheck.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nimnetcheck.model import Address, Text

    Word = TypeVar("Word", bound=Text)

SHOWN = 40
MAX_ITEMS = 20_000
MAX_NAME = 300


class Fields:
    """One object of a document; `where` is its place in it, for the one line that refuses it."""

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise InputError(f"{where}: an object is expected, not {shown(value)}")
        self._left: dict[str, Any] = dict(value)
        self.where = where

    def text(self, key: str) -> str:
        """A text field."""
        return str(self._take(key, (str,), "a text"))

    def name(self, key: str) -> str:
        """A text that names something: one short line, fit for a screen."""
        value = self.text(key)
        if not value.isprintable() or len(value) > MAX_NAME:
            raise self.refusal(key, f"one line of at most {MAX_NAME} characters", value)
        return value

    def optional_text(self, key: str) -> str | None:
        """A text field, or null."""
        value = self._take(key, (str, type(None)), "a text or null")
        return None if value is None else str(value)

    def number(self, key: str) -> float:
        """A number that is finite and not negative."""
        value = self._take(key, (int, float), "a number")
        if not 0 <= value < float("inf"):
            raise self.refusal(key, "a number of zero or more", value)
        return float(value)

    def integer(self, key: str, highest: int) -> int:
        """A whole number from 1 to `highest`."""
        value = self._take(key, (int,), "a whole number")
        if not 1 <= value <= highest:
            raise self.refusal(key, f"a whole number from 1 to {highest}", value)
        return int(value)

    def truth(self, key: str) -> bool:
        """True or false."""
        return bool(self._take(key, (bool,), "true or false"))

    def one_of(self, key: str, words: type[Word]) -> Word:
        """One of a closed list of words."""
        found = self.one_of_or_none(key, words)
        if found is None:
            raise self.refusal(key, f"one of the {words.__name__.lower()} names", None)
        return found

    def one_of_or_none(self, key: str, words: type[Word]) -> Word | None:
        """One of a closed list of words, or null."""
        value = self.optional_text(key)
        try:
            return None if value is None else words(value)
        except ValueError:
            raise self.refusal(key, f"one of the {words.__name__.lower()} names", value) from None

    def address(self, key: str) -> Address:
        """An IP address."""
        value = self.text(key)
        try:
            return ip_address(value)
        except ValueError:
            raise self.refusal(key, "an IP address", value) from None

    def mapping(self, key: str) -> dict[str, Any]:
        """A JSON object, as it is."""
        value: dict[str, Any] = self._take(key, (dict,), "an object")
        return value

    def mapping_or_none(self, key: str) -> dict[str, Any] | None:
        """A JSON object, as it is, or null."""
        value: dict[str, Any] | None = self._take(key, (dict, type(None)), "an object or null")
        return value

    def array(self, key: str) -> list[Any]:
        """A JSON array, as it is; of bounded length."""
        value: list[Any] = self._take(key, (list,), "an array")
        if len(value) > MAX_ITEMS:
            raise InputError(f"{self.where}.{key}: more than {MAX_ITEMS} items")
        return value

    def objects(self, key: str) -> Iterator[Fields]:
        """The objects of an array."""
        for number, item in enumerate(self.array(key)):
            yield Fields(item, f"{self.where}.{key}[{number}]")

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of an array."""
        items = self.array(key)
        for item in items:
            if not isinstance(item, str):
                raise self.refusal(key, "an array of texts", item)
        return tuple(items)

    def drop(self, *keys: str) -> None:
        """Leave fields unread, where they are there."""
        for key in keys:
            self._left.pop(key, None)

    def end(self) -> None:
        """Refuse what is left over."""
        for key in self._left:
            raise InputError(f"{self.where}: no field {shown(key)} is known")

    def refusal(self, key: str, wanted: str, value: object) -> InputError:
        """What is wrong with a field."""
        return InputError(f"{self.where}.{key}: {wanted} is expected, not {shown(value)}")

    def _take(self, key: str, kinds: tuple[type, ...], wanted: str) -> Any:  # noqa: ANN401 (a JSON value)
        if key not in self._left:
            raise InputError(f"{self.where}.{key}: missing")
        value = self._left.pop(key)
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise self.refusal(key, wanted, value)
        return value


def shown(value: object) -> str:
    """A value in a line of an error: short, and harmless on a screen."""
    text = "".join(character if character.isprintable() else "?" for character in repr(value))
    return text if len(text) <= SHOWN else text[:SHOWN] + "..."
