"""The command ``gochim``: its verbs in the order of the flow, its exit codes, its errors."""

from __future__ import annotations

import os
import re
import sys
from importlib import import_module
from pathlib import Path

import click

from cli import streams
from cli.endings import ending, exit_code
from cli.loading import loading
from cli.options import directory_option, quiet_option
from cli.printing import aside

VERBS = {
    "init": "crawling.init",
    "crawl": "crawling.crawl",
    "changes": "reading.changes",
    "site-changes": "site_changes.site_changes",
    "history": "reading.history",
    "show": "reading.show",
    "diff": "reading.diff",
    "search": "searching.search",
    "report": "reporting.report",
    "serve": "serving.serve",
    "alerts": "alerts.alerts",
    "status": "upkeep.status",
    "verify": "verifying.verify",
    "rebuild": "upkeep.rebuild",
    "export": "exporting.export",
    "import": "importing.import_files",
    "probe": "probing.probe",
    "schedule": "scheduling.schedule",
    "new-case": "new_case.new_case",
    "demo": "demo.demo",
    "completion": "completing.completion",
}
"""Each verb, in the order of the flow, and where its command stands: one is loaded when it is asked for."""

# "" and " " after any word, "--article="
_EMPTY = re.compile(r"(--[a-z-]+=)?\s*")


class Verbs(click.Group):
    """Lists the verbs in the order of the flow, loads the one that is wanted, refuses words that say nothing."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the words of the command line; what is no text would be no name, path or query to anything below.

        Nor is an empty word, as a script leaves that names a variable nobody set: to some options it would mean
        all there is (every article, every section, every address of this machine).
        """
        named = ctx.info_name or "gochim"
        for word in args:
            if _EMPTY.fullmatch(word):
                told = f"{word.strip()} is followed by nothing" if word.strip() else f"the word after {named} is empty"
                raise click.UsageError(f"{told}; write what is meant, or leave it out", ctx)
            named = named if word == "--" else word  # which only says that no options follow
            if "\0" in word:
                raise click.UsageError(f"{word!r} holds a NUL byte; leave it out", ctx)
            # What Python could not decode stands in a word as half of a surrogate pair (PEP 383).
            if not word.isascii() and word != word.encode("utf-8", "ignore").decode():
                raise click.UsageError(f"{word!r} is not UTF-8; write it in UTF-8", ctx)
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Give the verbs."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the command of a verb; all of them take half a second more than most do alone."""
        # What is no verb is said with those it may have been meant for, which click seeks among the commands it knows.
        for name in [cmd_name] if cmd_name in VERBS else VERBS:
            if name not in self.commands:
                module, _, command = VERBS[name].partition(".")
                with loading():
                    self.add_command(getattr(import_module(f"cli.{module}"), command))
        return super().get_command(ctx, cmd_name)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@directory_option
@quiet_option
@click.version_option(package_name="gochim", prog_name="gochim")
def gochim(directory: Path | None, quiet: bool) -> None:  # noqa: ARG001, FBT001  # commands read them of the context
    """Archive 대한민국 정책브리핑 (korea.kr) and report what was edited after publication.

    \b
    First:    gochim init --contact you@example.org
    Each day: gochim crawl
    Then:     gochim changes, gochim report, gochim show ARTICLE

    ARTICLE is the id of an article or any of its addresses. TIME is ISO 8601, Korean time without an offset; a day,
    week, month or year alone is the whole of it.

    Exit codes: 0 done; 1 changes were found and --fail-on-change was given, or a probe found a difference; 2 usage or
    settings; 3 archive and database disagree; 4 another run holds the lock; 5 the run ended early, all that was
    captured is kept.
    """
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":  # https://no-color.org
        click.get_current_context().color = False


def main() -> None:
    """Run the command; an error a user can act on is one sentence and an exit code, never a traceback."""
    streams.opened()
    streams.warn_on_stderr()
    try:
        gochim.main(standalone_mode=False)
        sys.stdout.flush()
    except click.UsageError as error:
        error.show()  # with the command's usage above the sentence
        sys.exit(exit_code(error))
    except Exception as error:
        if (told := ending(error)) is None:
            raise
        aside(f"gochim: {told[0]}")
        sys.exit(told[1])
