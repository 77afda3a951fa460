"""The verdicts of a probe as a person reads them: a table on a terminal, plain lines in a file or pipe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.streams import clean

if TYPE_CHECKING:
    from crawler.probe.assumption import Verdict

MANY = 6
"""Ways of holding beyond which one stands for all; JSON has every one."""
_COLOURS = {"holds": "green", "differs": "red", "cannot tell": "yellow"}


@dataclass(frozen=True, slots=True)
class Line:
    """What is shown as one: an assumption's verdicts that say the same, but each difference on its own."""

    assumption: str
    said: str
    how: str
    mend: str = ""
    evidence: str = ""


def lines(verdicts: Iterable[Verdict]) -> Iterator[Line]:
    """Put verdicts together for showing, in their order."""
    names = list(dict.fromkeys(one.assumption for one in verdicts))
    for name in names:
        own = [one for one in verdicts if one.assumption == name]
        for said in ("differs", "holds", "cannot tell"):
            same = [one for one in own if one.said == said]
            if said == "differs":
                yield from (_difference(one) for one in same)
            elif same:
                yield Line(name, said, "; ".join(_together(same)))


def _difference(one: Verdict) -> Line:
    place = f"{one.evidence.warc} offset {one.evidence.offset}" if one.evidence is not None else ""
    how = f"{one.subject}: {one.how}" if one.subject else one.how
    return Line(one.assumption, one.said, clean(how), clean(one.mend), place)


def _together(verdicts: list[Verdict]) -> Iterator[str]:
    """Say each thing once, with the subjects of which it is said."""
    said: dict[str, list[str]] = {}
    for one in verdicts:
        said.setdefault(clean(one.how), []).append(one.subject)
    if len(said) > MANY:
        example, subjects = next(iter(said.items()))
        yield f"{', '.join(one.subject for one in verdicts)} (such as {subjects[0]}: {example})"
        return
    for how, subjects in said.items():
        named = ", ".join(one for one in subjects if one)
        yield f"{named}: {how}" if named else how


def plain(verdicts: list[Verdict]) -> Iterator[str]:
    """Give the lines for a file or pipe."""
    for line in lines(verdicts):
        yield f"{line.said:<11}  {line.assumption:<16}  {line.how}"
        if line.mend:
            yield f"{'':<31}-> {line.mend}"
        if line.evidence:
            yield f"{'':<31}{line.evidence}"


def table(verdicts: list[Verdict]) -> Table:
    """Make the table for a terminal."""
    made = Table("assumption", "verdict", "how", "what mends it", header_style="bold", pad_edge=False)
    for line in lines(verdicts):
        how = Text(line.how)
        if line.evidence:
            how.append(f"\n{line.evidence}", style="dim")
        made.add_row(Text(line.assumption), Text(line.said, style=_COLOURS[line.said]), how, Text(line.mend))
    return made


def print_table(verdicts: list[Verdict]) -> None:
    """Print the table."""
    Console().print(table(verdicts))
