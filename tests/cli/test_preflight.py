"""The installer's command: one verdict, an exit code and JSON, with the whole of it run against the emulator."""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from click.testing import CliRunner

from nimnetcheck.cli.preflight import command
from nimnetcheck.errors import InputError
from nimnetcheck.submission import IN_PREFLIGHT

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, ["--against", "emulator", *arguments], catch_exceptions=False)


@pytest.fixture(scope="module")
def document() -> Any:  # noqa: ANN401 (a JSON document)
    done = run("-o", "json")
    assert done.exit_code == 0
    return json.loads(done.stdout)


def test_everything_passes_against_the_emulator(document: Any) -> None:  # noqa: ANN401 (a JSON document)
    verdicts = {judgement["subject"]: judgement["verdict"] for judgement in document["judgements"]}
    assert {verdicts.pop(subject) for subject in ("telemetry-range", "teem", "teem-entitlements", "usage")} == {"PASS"}
    assert {verdicts.pop(flow) for flow in IN_PREFLIGHT} == {"PASS"}
    assert set(verdicts) == {"host"}
    assert document["findings"] == [] or verdicts["host"] == "WARN"


def test_the_json_is_what_its_schema_says(document: Any) -> None:  # noqa: ANN401 (a JSON document)
    schema = (resources.files("nimnetcheck.report") / "report.schema.json").read_text(encoding="utf-8")
    jsonschema.validate(document, json.loads(schema))


def test_an_emulated_success_says_that_it_is_emulated(document: Any) -> None:  # noqa: ANN401 (a JSON document)
    assert any("emulated" in note for note in document["notes"])


def test_every_value_in_force_names_its_source(document: Any) -> None:  # noqa: ANN401 (a JSON document)
    sources = {setting["key"]: setting["source"] for setting in document["effective_config"]}
    assert sources["against"] == "flag"
    assert sources["timeout"] == "default"


def test_a_broken_licence_fails_the_host_and_is_never_shown(tmp_path: Path) -> None:
    path = tmp_path / "license.jwt"
    path.write_text("c2VjcmV0LXRva2Vu", encoding="utf-8")
    done = run("--license", str(path), "--for", "nginx-plus")
    assert done.exit_code == 1
    assert "[jwt.malformed]" in done.stdout
    assert "c2VjcmV0LXRva2Vu" not in done.output


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(InputError, match="no profile 'nim-9'"):
        run("--for", "nim-9")
