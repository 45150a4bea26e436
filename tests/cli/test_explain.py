"""A code is explained offline; an unknown one leads to the nearest."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from nimnetcheck.cli.explain import command, find
from nimnetcheck.diagnosis.entries import BY_CODE, DIAGNOSES
from nimnetcheck.diagnosis.words import BLANKS
from nimnetcheck.errors import InputError


def run(*arguments: str) -> str:
    return CliRunner().invoke(command, arguments, catch_exceptions=False).stdout


def test_a_code_is_explained_with_its_alternatives_and_what_settles_them() -> None:
    text = run("tcp.drop-path")
    entry = BY_CODE["tcp.drop-path"]
    assert text.startswith(f"tcp.drop-path  {entry.title}\n")
    for heading in ("What else it could be", "How to settle it", "What to do"):
        assert heading in text


@pytest.mark.parametrize("entry", DIAGNOSES, ids=list(BY_CODE))
def test_every_code_can_be_explained(entry: object) -> None:
    assert run(entry.code).startswith(entry.code)  # type: ignore[attr-defined]  # the table's own type


def test_without_a_code_all_are_listed() -> None:
    listed = run()
    assert all(code in listed for code in BY_CODE)


def test_the_name_of_a_failure_leads_to_its_codes() -> None:
    assert find("tcp_timeout")[-1].code == "tcp.drop-path"
    assert find("TCP-TIMEOUT")[-1].code == "tcp.drop-path"


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [("tcp.drop", "tcp.drop-path"), ("dns.nxdomian", "dns.nxdomain"), ("clock", "local.bad-clock")],
)
def test_an_unknown_code_leads_to_the_nearest(typed: str, nearest: str) -> None:
    with pytest.raises(InputError, match=f"nearest: .*{nearest}"):
        find(typed)


def test_what_is_near_nothing_is_refused_plainly() -> None:
    with pytest.raises(InputError, match=r"no code '\?\?\?' \("):
        find("???")


def test_commands_hold_words_to_replace_and_no_braces() -> None:
    assert "tcptraceroute -n ADDRESS PORT" in run("tcp.drop-path")
    every = run(*BY_CODE) + run("-o", "json")
    assert not [name for name in BLANKS if f"{{{name}}}" in every]


def test_json_is_one_document() -> None:
    document = json.loads(run("tls.expired", "-o", "json"))
    assert [one["code"] for one in document["diagnoses"]] == ["tls.expired"]
    assert len(json.loads(run("-o", "json"))["diagnoses"]) == len(DIAGNOSES)
