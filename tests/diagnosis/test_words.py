"""What was struck is named as a network team knows it, and briefly; nothing from the network reaches a command."""

from __future__ import annotations

from nimnetcheck.diagnosis.words import BLANKS, evidence, few, fill, placeholders, where
from nimnetcheck.model import Failure
from tests.diagnosis.seen import seen


def test_addresses_of_a_range_are_merged_and_those_of_names_are_not() -> None:
    in_range = [seen("range", f"192.0.2.{n}", named=False) for n in (2, 3)]
    assert where([*in_range, seen("usage", "192.0.2.4")]) == ("192.0.2.4:443", "192.0.2.2/31:443")
    assert where([seen("range", "2001:db8::1", named=False)]) == ("[2001:db8::1]:443",)


def test_the_same_words_of_many_addresses_are_one_line() -> None:
    struck = [seen("usage", f"192.0.2.{n}", Failure.TCP_TIMEOUT, detail="silence") for n in (1, 3)]
    assert evidence(struck) == ("usage, 192.0.2.1:443, 192.0.2.3:443: silence",)


def test_long_lists_are_cut_with_a_count() -> None:
    assert few(("a", "b", "c", "d")) == "a, b, c, d"
    assert few(("a", "b", "c", "d", "e", "f")) == "a, b, c, d and 2 more"


def test_the_first_target_fills_a_command() -> None:
    words = placeholders([seen("usage", "192.0.2.1", detail="$(reboot)"), seen("other", "192.0.2.2")])
    assert fill("curl --resolve {host}:{port}:{address} {x}", words) == (
        "curl --resolve usage.example:443:192.0.2.1 {x}"
    )
    assert "$(reboot)" not in words.values()


def test_where_nothing_was_seen_every_placeholder_has_a_word() -> None:
    assert BLANKS.keys() == placeholders([seen("host", None)]).keys()
    assert fill("dig {host}; nc {address} {port} {x}", BLANKS) == "dig HOST; nc ADDRESS PORT {x}"


def test_without_a_target_the_place_is_left_for_the_reader() -> None:
    assert placeholders([seen("host", None)])["address"] == "ADDRESS"
