"""A document from outside is taken apart strictly: wrong, missing and surplus fields are refused with their place."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Callable

import pytest

from nimnetcheck.errors import InputError
from nimnetcheck.model import Outcome
from nimnetcheck.report.fields import MAX_ITEMS, Fields, shown

Take = Callable[[Fields], object]


def fields(**values: object) -> Fields:
    return Fields(values, "doc")


def test_what_fits_is_taken() -> None:
    taken = fields(a="x", b=None, c=1.5, d=443, e=True, f="failed", g="2001:db8::1", h=["p"], i={}, j=[{}])
    assert (taken.text("a"), taken.optional_text("b"), taken.number("c"), taken.integer("d", 65535)) == (
        "x",
        None,
        1.5,
        443,
    )
    assert (taken.truth("e"), taken.one_of("f", Outcome)) == (True, Outcome.FAILED)
    assert taken.address("g") == ip_address("2001:db8::1")
    assert (taken.texts("h"), taken.mapping("i")) == (("p",), {})
    assert [item.where for item in taken.objects("j")] == ["doc.j[0]"]
    taken.end()


@pytest.mark.parametrize(
    ("value", "take", "words"),
    [
        (5, lambda f: f.text("a"), "doc.a: a text is expected, not 5"),
        ("a\nb", lambda f: f.name("a"), "doc.a: one line"),
        ("x" * 301, lambda f: f.name("a"), "doc.a: one line"),
        (True, lambda f: f.number("a"), "doc.a: a number is expected, not True"),
        (-1, lambda f: f.number("a"), "doc.a: a number of zero or more"),
        (float("nan"), lambda f: f.number("a"), "doc.a: a number of zero or more"),
        (float("inf"), lambda f: f.number("a"), "doc.a: a number of zero or more"),
        (65536, lambda f: f.integer("a", 65535), "doc.a: a whole number from 1 to 65535"),
        (1.0, lambda f: f.integer("a", 65535), "doc.a: a whole number is expected"),
        (1, lambda f: f.truth("a"), "doc.a: true or false is expected"),
        ("perhaps", lambda f: f.one_of("a", Outcome), "doc.a: one of the outcome names is expected, not 'perhaps'"),
        (None, lambda f: f.one_of("a", Outcome), "doc.a: one of the outcome names"),
        ("192.0.2.256", lambda f: f.address("a"), "doc.a: an IP address is expected"),
        ([], lambda f: f.mapping("a"), "doc.a: an object is expected"),
        ({}, lambda f: f.array("a"), "doc.a: an array is expected"),
        ([1], lambda f: f.texts("a"), "doc.a: an array of texts"),
        ([1], lambda f: list(f.objects("a")), r"doc.a\[0\]: an object is expected"),
        ([0] * (MAX_ITEMS + 1), lambda f: f.array("a"), "doc.a: more than 20000 items"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(value: object, take: Take, words: str) -> None:
    with pytest.raises(InputError, match=words):
        take(fields(a=value))


def test_missing_and_surplus_fields_are_refused() -> None:
    with pytest.raises(InputError, match=r"doc\.a: missing"):
        fields().text("a")
    with pytest.raises(InputError, match="doc: no field 'a' is known"):
        fields(a=1).end()
    dropped = fields(a=1)
    dropped.drop("a", "b")
    dropped.end()


def test_a_refusal_is_short_and_harmless() -> None:
    assert shown("\x1b[2J" + "x" * 100).isprintable()
    assert len(shown("x" * 1000)) <= 43
