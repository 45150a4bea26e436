"""The catalogue as people and machines read it."""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING

import jsonschema
from click.testing import CliRunner

from nimnetcheck.cli.targets import command

if TYPE_CHECKING:
    from pathlib import Path


def run(*arguments: str) -> str:
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_the_table_names_every_address_and_page() -> None:
    text = run()
    for word in ("159.60.126.0/25", "product.connect.nginx.com", "2600:1f16:19c8:d400::/62", "https://docs.nginx.com/"):
        assert word in text


def test_data_points_are_listed_with_their_triggers_where_they_matter() -> None:
    for name in ("Installation", "Login", "Start/Stop", "Adding Data Plane", "Product Usage"):
        assert name in run("--for", "nim-2.22")
    assert "Adding Data Plane" not in run("--for", "nginx-plus")


def test_opting_out_of_web_analytics_is_explained() -> None:
    assert "Opt out" in run("--for", "browser")


def test_json_holds_the_same() -> None:
    document = json.loads(run("-o", "json"))
    schema = (resources.files("nimnetcheck.report") / "targets.schema.json").read_text(encoding="utf-8")
    jsonschema.validate(document, json.loads(schema))
    assert [endpoint["id"] for endpoint in document["endpoints"]] == [
        "telemetry-range",
        "teem",
        "teem-entitlements",
        "usage",
    ]
    assert len(document["data_points"]) == 5
    assert document["profiles"][0]["id"] == "all"


def test_it_goes_to_a_file(tmp_path: Path) -> None:
    path = tmp_path / "targets.txt"
    assert run("--output-file", str(path)) == ""
    assert "159.60.126.0/25" in path.read_text(encoding="utf-8")
