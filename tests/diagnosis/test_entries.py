"""The table of diagnoses is complete and well formed."""

from __future__ import annotations

import re

from nimnetcheck.diagnosis.entries import BY_FAILURE, DIAGNOSES
from nimnetcheck.model import Failure


def test_every_failure_is_diagnosed_once() -> None:
    assert set(BY_FAILURE) == set(Failure)
    assert sum(len(entry.failures) for entry in DIAGNOSES) == len(Failure)


def test_codes_are_unique_and_dotted_kebab_case() -> None:
    codes = [entry.code for entry in DIAGNOSES]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z]+(\.[a-z0-9]+(-[a-z0-9]+)*)?", code) for code in codes)


def test_every_entry_explains_and_says_what_to_do() -> None:
    for entry in DIAGNOSES:
        assert entry.explanation.endswith(".")
        assert entry.action
        assert set(re.findall(r"\{(\w+)\}", entry.action)) <= {"subjects", "targets"}
