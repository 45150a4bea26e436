"""A saved JSON report becomes a report again: what was seen is read, what it means is judged anew.

So the same release explains it the same on any day and machine, and a later one explains it better. The file may come
from anyone: its size is bounded, every field is checked, and what does not fit is refused in one line.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING

import attrs

from nimnetcheck.catalogue import is_host_name
from nimnetcheck.errors import InputError
from nimnetcheck.model import Failure, Observation, Outcome, Rung, Setting, Target
from nimnetcheck.report.fields import Fields, shown
from nimnetcheck.report.json import SCHEMA_VERSION
from nimnetcheck.run import Run

if TYPE_CHECKING:
    from pathlib import Path

    from nimnetcheck.model import Report

MAX_BYTES = 32 * 1024 * 1024
MAX_PORT = 65535
RUN_ID = re.compile("[0-9a-f]{12}")
JUDGED_ANEW = ("summary", "deadlines", "judgements", "findings")


@attrs.frozen(kw_only=True)
class Saved:
    """A saved report's frame, what was seen in it, and its notes."""

    run: Run
    observations: tuple[Observation, ...]
    notes: tuple[str, ...]

    def report(self) -> Report:
        """The report, judged anew."""
        return self.run.report(self.observations, self.notes)


def read(path: Path, *, strict: bool = False) -> Saved:
    """Read a saved report; raises InputError."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if len(data) > MAX_BYTES:
        raise InputError(f"{path}: longer than {MAX_BYTES // 1024 // 1024} MiB: no report is")
    try:
        document = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        raise InputError(f"{path}: not JSON: give a report that -o json wrote") from None
    return parse(document, str(path), strict=strict)


def parse(document: object, where: str, *, strict: bool = False) -> Saved:
    """The saved report in a JSON document; `where` names it in a refusal."""
    fields = Fields(document, where)
    _check_version(fields)
    run = Run(
        command=fields.name("command"),
        run_id=_run_id(fields),
        started_at=_moment(fields),
        duration_s=fields.number("duration_s"),
        host=fields.name("host"),
        settings=tuple(_setting(item) for item in fields.objects("effective_config")),
        strict=strict,
    )
    observations = tuple(_observation(item) for item in fields.objects("observations"))
    notes = fields.texts("notes")
    fields.drop(*JUDGED_ANEW)
    fields.end()
    return Saved(run=run, observations=observations, notes=notes)


def _check_version(fields: Fields) -> None:
    tool = Fields(fields.mapping("tool"), f"{fields.where}.tool")
    name, version = tool.text("name"), fields.text("schema_version")
    major, _, minor = version.partition(".")
    ours, _, our_minor = SCHEMA_VERSION.partition(".")
    if name != "nimnetcheck" or major != ours or not (minor.isascii() and minor.isdigit()):
        raise InputError(f"{fields.where}: not a report of nimnetcheck, schema_version {ours}")
    if int(minor[:9]) > int(our_minor):
        raise InputError(f"{fields.where}: made by a newer nimnetcheck, {shown(tool.text('version'))}: use that one")


def _run_id(fields: Fields) -> str:
    text = fields.name("run_id")
    if not RUN_ID.fullmatch(text):
        raise fields.refusal("run_id", "twelve hexadecimal digits", text)
    return text


def _moment(fields: Fields) -> datetime:
    text = fields.text("started_at")
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise fields.refusal("started_at", "a time as in RFC 3339", text) from None
    if moment.tzinfo is None:
        raise fields.refusal("started_at", "a time with its zone", text)
    return moment


def _setting(fields: Fields) -> Setting:
    setting = Setting(key=fields.name("key"), value=fields.text("value"), source=fields.text("source"))
    fields.end()
    return setting


def _observation(fields: Fields) -> Observation:
    observation = Observation(
        subject=fields.name("subject"),
        rung=fields.one_of("rung", Rung),
        title=fields.name("title"),
        outcome=fields.one_of("outcome", Outcome),
        failure=fields.one_of_or_none("failure", Failure),
        because=fields.text("because"),
        detail=fields.text("detail"),
        required=fields.truth("required"),
        control=fields.truth("control"),
        target=_target(fields),
        started_s=fields.number("started_s"),
        elapsed_s=fields.number("elapsed_s"),
        evidence=fields.mapping("evidence"),
    )
    fields.end()
    if (observation.failure is not None) != (observation.outcome is Outcome.FAILED):
        raise InputError(f"{fields.where}: what failed, and only that, has a failure")
    return observation


def _target(fields: Fields) -> Target | None:
    value = fields.mapping_or_none("target")
    if value is None:
        return None
    target = Fields(value, f"{fields.where}.target")
    host, address, port = target.optional_text("host"), target.address("address"), target.integer("port", MAX_PORT)
    to = Fields(target.mapping("dialled"), f"{target.where}.dialled")
    dialled = to.address("address"), to.integer("port", MAX_PORT)
    to.end()
    target.end()
    if host is not None and not is_host_name(host):
        raise target.refusal("host", "a host name", host)
    return Target(host=host, address=address, port=port, dial=None if dialled == (address, port) else dialled)
