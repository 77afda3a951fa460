"""What happens to the portal as a whole: outages as in September 2025, a new template overnight, files gone bad."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from replica.article import Article
from replica.script import Moment
from replica.state import State
from replica.switches import BadFile


@dataclass(frozen=True, slots=True)
class Turn:
    """Set a switch of the portal to another value; no article's text changes by it."""

    switch: str
    value: object
    article: str = ""

    def apply(self, state: State) -> None:
        """Set the switch."""
        state.switches.turn(self.switch, self.value)


@dataclass(frozen=True, slots=True)
class SwapImage:
    """Put another picture behind the address of the photo at ``index``: the page does not change."""

    article: str
    index: int

    def apply(self, state: State) -> None:
        """Count the picture's edition up."""
        src = state.article(self.article).body[self.index].src
        path = src[src.index("/newsWeb/") :]
        state.pictures[path] = state.pictures.get(path, 0) + 1


@dataclass(frozen=True, slots=True)
class SpoilFile:
    """Give something else instead of a file, or the file again with ``none``."""

    article: str
    file_id: str
    how: BadFile

    def apply(self, state: State) -> None:
        """Note what is given."""
        state.files[self.file_id] = self.how


def outage_script(articles: Iterable[Article]) -> list[Moment]:
    """Write the story of an outage as in September 2025: nothing was edited, and nothing may be reported.

    The portal fails, refuses connections, shows a substitute board with status 200 for weeks, comes back with whole
    sections missing and with many articles unknown, and is whole again.
    """
    there = {one.section for one in articles}
    missing = tuple(one for one in ("briefing", "press-release", "video") if one in there)
    return _numbered(
        ("as filed", ()),
        ("every page answers 503", (Turn("outage", "503"),)),
        ("connections are refused", (Turn("outage", "refused"),)),
        ("a substitute board with status 200 stands everywhere", (Turn("outage", "substitute"),)),
        ("back with whole sections missing", (Turn("outage", "none"), Turn("missing_sections", missing))),
        ("all sections back, most articles unknown", (Turn("missing_sections", ()), Turn("vanished", 70))),
        ("whole again", (Turn("vanished", 0),)),
    )


def redesign_script(articles: Iterable[Article]) -> list[Moment]:
    """Write the story of new templates: the same texts in other markup, which must not be taken for edits."""
    first = next(iter(sorted(one.section for one in articles)))
    return _numbered(
        ("as filed", ()),
        ("one section has another template", (Turn("template_sections", (first,)), Turn("template", "classic"))),
        ("every section has it", (Turn("template_sections", ()),)),
        ("a template that nobody has seen", (Turn("template", "next"),)),
        ("the old templates again", (Turn("template", "own"),)),
    )


def _numbered(*moments: tuple[str, tuple[Turn, ...]]) -> list[Moment]:
    return [Moment(number, name, actions) for number, (name, actions) in enumerate(moments)]
