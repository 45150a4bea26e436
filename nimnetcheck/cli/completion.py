"""`nimnetcheck completion`: what a shell needs to complete this command line."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from nimnetcheck.cli import root
from nimnetcheck.errors import InputError

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_NIMNETCHECK_COMPLETE"


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> None:
    """Completion of commands and options, for your shell to read.

    bash: eval "$(nimnetcheck completion bash)" in ~/.bashrc; zsh: the same in ~/.zshrc; fish: nimnetcheck completion
    fish > ~/.config/fish/completions/nimnetcheck.fish
    """
    found = get_completion_class(shell)
    if found is None:
        raise InputError(f"completion for {shell}: this version of click has none")
    click.echo(found(root, {}, "nimnetcheck", VARIABLE).source())
