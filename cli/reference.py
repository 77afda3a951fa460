"""The commands, settings and exit codes as one page, made from the program."""

from __future__ import annotations

import click

from cli.main import gochim
from crawler.setting_keys import KEYS
from crawler.watch import written


def reference() -> str:
    """Give the page in Markdown."""
    parts = ["# Commands and settings", "", "Written by `make docs` from the program.", ""]
    context = click.Context(gochim, info_name="gochim", **gochim.context_settings)
    parts += ["## gochim", "", "```", gochim.get_help(context), "```", ""]
    for name, command in gochim.commands.items():
        inner = click.Context(command, info_name=f"gochim {name}", **gochim.context_settings)
        parts += [f"## gochim {name}", "", "```", command.get_help(inner), "```", ""]
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
