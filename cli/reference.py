"""The commands, settings and exit codes as one page, made from the program."""

from __future__ import annotations

from collections.abc import Iterator

import click

from cli.main import gochim
from crawler.setting_keys import KEYS
from crawler.watch import written

_HEAD = """Every command with its options and exit codes, and every setting, to look things up. A first walk through
them is [tutorial.md](tutorial.md). This page is written by `make docs` from the program."""


def reference() -> str:
    """Give the page in Markdown."""
    parts = ["# Commands and settings", "", _HEAD, ""]
    for heading, told in _helps(gochim, "gochim"):
        parts += [heading, "", "```", told, "```", ""]
    parts += [
        "## gochim.toml",
        "",
        f"{len(KEYS)} keys; this is what `gochim init` writes.",
        "",
        "```toml",
        written(),
        "```",
        "",
    ]
    return "\n".join(parts)


def _helps(command: click.Command, path: str) -> Iterator[tuple[str, str]]:
    """Give a heading and the help of a command and of all that stand below it, a group's own first."""
    context = click.Context(command, info_name=path, **gochim.context_settings)
    yield f"{'##' if path.count(' ') < 2 else '###'} {path}", command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None  # noqa: S101  # it is on the list
            yield from _helps(below, f"{path} {name}")
