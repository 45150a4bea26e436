"""`nimnetcheck simulate`, as people and machines use it."""

from __future__ import annotations

import json
from importlib import resources

import jsonschema
import pytest
from click.testing import CliRunner

from nimnetcheck.cli.simulate import command
from nimnetcheck.emulator import FAULTS
from nimnetcheck.errors import InputError
from nimnetcheck.submission import FLOWS


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    return result.exit_code, result.output


def test_all_flows_pass_and_every_step_is_shown() -> None:
    code, text = run()
    assert code == 0
    for words in ("request: POST", "answer: 202", "proves: every record was taken", "contract: inferred", " ms"):
        assert words in text
    assert all(f"{flow}, step by step" in text for flow in FLOWS)
    assert "not that F5" in text


def test_json_follows_the_published_schema() -> None:
    code, text = run("nim-2.22-disconnected", "-o", "json")
    document = json.loads(text)
    schema = (resources.files("nimnetcheck.report") / "report.schema.json").read_text(encoding="utf-8")
    jsonschema.validate(document, json.loads(schema))
    assert (code, document["summary"]["exit_code"]) == (0, 0)
    assert {observation["subject"] for observation in document["observations"]} == {"nim-2.22-disconnected"}


def test_a_fault_is_a_failure_with_its_finding() -> None:
    code, text = run("nim-2.21-disconnected", "--fault", "status-unsuccessful")
    assert code == 1
    assert "submit_incomplete" in text
    assert "submit.accepted-not-processed" in text
    assert 'not tried, because "F5 has processed it" failed' in text


def test_more_instances_are_more_to_send() -> None:
    sizes = []
    for instances in ("1", "200"):
        document = json.loads(run("nim-2.22-disconnected", "--instances", instances, "-o", "json")[1])
        sizes.append(document["observations"][-1]["evidence"]["bytes"]["sent"])
    assert sizes[1] > 20 * sizes[0]


def test_flows_and_faults_are_listed_without_running() -> None:
    code, text = run("--list")
    assert code == 0
    assert all(name in text for name in (*FLOWS, *FAULTS))
    document = json.loads(run("--list", "-o", "json")[1])
    assert [flow["id"] for flow in document["flows"]] == list(FLOWS)
    assert [fault["name"] for fault in document["faults"]] == list(FAULTS)


@pytest.mark.parametrize("arguments", [("no-such-flow",), ("--fault", "no-such-fault")])
def test_what_does_not_exist_is_refused(arguments: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="no-such"):
        run(*arguments)
