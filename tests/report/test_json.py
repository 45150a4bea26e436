"""The JSON form is one document that its published schema accepts."""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from nimnetcheck.report.json import render
from nimnetcheck.report.style import Style

if TYPE_CHECKING:
    from nimnetcheck.model import Report


def schema() -> Any:  # noqa: ANN401 (a JSON schema)
    return json.loads((resources.files("nimnetcheck.report") / "report.schema.json").read_text(encoding="utf-8"))


def test_the_document_validates(report: Report) -> None:
    document = json.loads(render(report, Style()))
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(document, schema())
    assert document["summary"]["exit_code"] == report.exit_code == 1
    assert document["summary"]["counts"] == {"pass": 2, "fail": 2}
    assert document["started_at"] == "2026-11-24T12:00:00.000Z"


def test_the_schema_refuses_what_it_does_not_name(report: Report) -> None:
    document = json.loads(render(report, Style()))
    document["surprise"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema())


def test_the_form_does_not_change_with_the_terminal(report: Report) -> None:
    assert render(report, Style(color=True, ascii_only=True, width=60, quiet=True)) == render(report, Style())
