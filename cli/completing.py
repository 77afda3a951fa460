"""``gochim completion``: the script that lets a shell complete commands, options and their values."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from cli.printing import data

_SHELLS = ("bash", "zsh", "fish")


@click.command(short_help="Print the script by which a shell completes commands.")
@click.argument("shell", type=click.Choice(_SHELLS))
def completion(shell: str) -> None:
    """Print the script that completes gochim's commands and options in a SHELL.

    \b
    Example: gochim completion bash >> ~/.bashrc
    """
    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101  # click knows all three
    root = click.get_current_context().find_root().command
    data(kind(root, {}, "gochim", "_GOCHIM_COMPLETE").source())
