"""How far a long deed has come: stages with rate and time left on a terminal, nothing under cron and in pipes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, TextIO, TypeVar, cast

from cli.streams import Talk

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

Step = Callable[[str, str, int], None]
"""Called at each step: the stage, what was done, of how many in the stage."""
Thing = TypeVar("Thing")


def terminal() -> Console | None:
    """Give the terminal that standard error is; None where it is none, or one that cannot renew a line."""
    if not sys.stderr.isatty():
        return None
    from rich.console import Console  # What a run under cron does without.

    # It draws by the characters that nobody else may write there.
    console = Console(file=sys.stderr.drawn if isinstance(sys.stderr, Talk) else sys.stderr)
    return console if console.is_interactive else None


@contextmanager
def shown(*, quiet: bool) -> Iterator[Step]:
    """Show each stage with its rate and the time left on a terminal, and nothing elsewhere."""
    console = None if quiet else terminal()
    if console is None:
        yield lambda *_: None
        return
    bar = _bar(console)
    task = bar.add_task("", total=None, stage="")
    with ExitStack() as stack:

        def step(stage: str, name: str, of: int) -> None:
            if not bar.live.is_started:
                # Not before: it has a thread, and the processes of a rebuild are started without any.
                stack.enter_context(bar)
                # What others say meanwhile goes through what rich has put in the place of standard error.
                sys.stderr = cast("TextIO", Talk(sys.stderr))
            if bar.tasks[task].fields["stage"] != stage:
                # The rate of one stage says nothing of the next.
                bar.reset(task, total=of, stage=stage)
            bar.update(task, advance=1, description=name)

        yield step


def _bar(console: Console) -> Progress:
    # A tenth of a second to load, which only a terminal needs.
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.table import Column
    from rich.text import Text

    class Rate(ProgressColumn):
        """How many are done in a second: ``12.5/s``."""

        def render(self, task: Task) -> Text:
            """Give the rate, nothing before there is one."""
            return Text(f"{task.speed:.1f}/s" if task.speed else "")

    return Progress(
        TextColumn("{task.fields[stage]}"),
        BarColumn(bar_width=16),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis", ratio=1)),
        console=console,
        transient=True,
        expand=True,
    )


def counting(things: Iterable[Thing], stage: str, of: int, step: Step, name: Callable[[Thing], str]) -> Iterator[Thing]:
    """Give things as they come, and step with each.

    Args:
        things: What is worked through.
        stage: What the work is called.
        of: How many there are.
        step: What is told.
        name: Says which thing it is.
    """
    for one in things:
        step(stage, name(one), of)
        yield one
