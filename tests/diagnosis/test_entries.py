"""The table of diagnoses is complete and well formed, and its causes form no circle."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from nimnetcheck.diagnosis.entries import BY_CODE, BY_FAILURE, DIAGNOSES
from nimnetcheck.model import Failure

if TYPE_CHECKING:
    from nimnetcheck.diagnosis.entry import Diagnosis

CODE = re.compile(r"[a-z0-9]+(\.[a-z0-9]+(-[a-z0-9]+)*)?")
PLACEHOLDERS = {"subjects", "targets", "host", "address", "port"}
ids = [entry.code for entry in DIAGNOSES]


@pytest.mark.parametrize("failure", Failure)
def test_every_failure_has_one_entry_that_takes_whatever_is_left(failure: Failure) -> None:
    unconditional = [entry.code for entry in BY_FAILURE[failure] if entry.when is None or failure in entry.always]
    assert len(unconditional) == 1
    assert BY_FAILURE[failure][-1].code == unconditional[0]


def test_codes_are_unique_and_dotted_kebab_case() -> None:
    assert len(BY_CODE) == len(DIAGNOSES)
    assert all(CODE.fullmatch(code) for code in BY_CODE)


@pytest.mark.parametrize("entry", DIAGNOSES, ids=ids)
def test_every_entry_explains_and_says_what_to_do(entry: Diagnosis) -> None:
    assert not entry.title.endswith(".")
    assert entry.explanation.endswith(".")
    assert entry.action
    filled = " ".join((entry.action, entry.settle, *entry.commands))
    assert set(re.findall(r"\{([a-z]\w+)\}", filled)) <= PLACEHOLDERS


@pytest.mark.parametrize("entry", DIAGNOSES, ids=ids)
def test_every_entry_can_apply(entry: Diagnosis) -> None:
    assert entry.failures or entry.always or entry.passed
    assert entry.when or not entry.passed, "what passed needs a condition, or it is no finding"
    said = (entry.when.__doc__ or "").splitlines()[:1] if entry.when else ["."]
    assert said, "a condition says itself in a sentence"
    assert said[0].endswith(".")


@pytest.mark.parametrize("entry", DIAGNOSES, ids=ids)
def test_every_code_that_an_entry_names_exists(entry: Diagnosis) -> None:
    named = re.findall(r"`([a-z0-9]+\.[a-z0-9-]+)`", " ".join(entry.alternatives))
    assert set(named) | set(entry.hidden_by) <= set(BY_CODE)


@pytest.mark.parametrize("entry", DIAGNOSES, ids=ids)
def test_no_cause_follows_from_itself(entry: Diagnosis) -> None:
    reached: set[str] = set()
    waiting = list(entry.hidden_by)
    while waiting:
        code = waiting.pop()
        if code not in reached:
            reached.add(code)
            waiting += BY_CODE[code].hidden_by
    assert entry.code not in reached
