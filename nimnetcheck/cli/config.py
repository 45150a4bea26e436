"""Configuration files, and where each value in force came from.

Flag > NIMNETCHECK_* > ./nimnetcheck.toml > ~/.config/nimnetcheck/config.toml > /etc/nimnetcheck/config.toml. A key is
an option's long name; at the top it holds for every command that has the option, in `[probe]` for that one.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from nimnetcheck.model import Setting

SOURCES = {
    ParameterSource.COMMANDLINE: "flag",
    ParameterSource.ENVIRONMENT: "environment",
    ParameterSource.DEFAULT: "default",
    ParameterSource.PROMPT: "prompt",
}

CREDENTIALS = re.compile(r"(^|//)[^/\s:]*:[^/\s]*@")


def files() -> tuple[Path, ...]:
    """The configuration files, the strongest first, whether they exist or not."""
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return Path("nimnetcheck.toml"), home / "nimnetcheck" / "config.toml", Path("/etc/nimnetcheck/config.toml")


class Configured(click.Command):
    """A command whose defaults come from the configuration files where these set them."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401
    ) -> click.Context:
        """Read the files before the arguments are parsed; raises InputError for a broken one."""
        flags = {parameter.opts[-1].lstrip("-"): parameter for parameter in self.params}
        values: dict[str, Any] = {}
        origin: dict[str, str] = {}
        for path in reversed(files()):
            for key, value in _read(path, info_name or "", flags).items():
                name = str(flags[key].name)
                values[name], origin[name] = value, str(path)
        extra["default_map"] = {**(extra.get("default_map") or {}), **values}
        context = super().make_context(info_name, args, parent, **extra)
        context.meta["nimnetcheck.origin"] = origin
        return context


def settings(context: click.Context) -> tuple[Setting, ...]:
    """Every option of the running command with its value and where that came from."""
    from nimnetcheck.model import Setting  # noqa: PLC0415 (trace begins its twins before that is loaded)

    origin = context.meta.get("nimnetcheck.origin", {})
    found = []
    for parameter in context.command.params:
        name = str(parameter.name)
        source = context.get_parameter_source(name)
        if name not in context.params or source is None:
            continue
        where = origin.get(name, "configuration") if source is ParameterSource.DEFAULT_MAP else SOURCES[source]
        found.append(Setting(key=parameter.opts[-1].lstrip("-"), value=_shown(context.params[name]), source=where))
    return tuple(found)


def _shown(value: object) -> str:
    """A value fit to be shown: a URL loses the credentials in it."""
    if isinstance(value, (tuple, list)):
        return ", ".join(_shown(item) for item in value)
    return "" if value is None else CREDENTIALS.sub(r"\1[hidden]@", str(value))


def _read(path: Path, command: str, flags: dict[str, click.Parameter]) -> dict[str, Any]:
    """What one file sets for this command: its top level, then the command's own table."""
    if not path.is_file():
        return {}
    from nimnetcheck.tables import Source  # noqa: PLC0415 (few have such a file)

    source = Source(path)
    data = source.data
    own = data.get(command, {})
    if not isinstance(own, dict):
        raise source.refusal(f"[{command}] must be a table", line=source.line_of(command))
    for key in own:
        if key not in flags:
            raise source.refusal(f"nimnetcheck {command} has no option --{key}", line=source.line_of(key))
    shared = {key: value for key, value in data.items() if key in flags and not isinstance(value, dict)}
    return {**shared, **own}
