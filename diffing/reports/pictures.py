"""The period drawn: each tally as an inline SVG picture by leather, with a title and a description for who cannot see.

Colours and letters come from the page's style sheet, so that a picture turns dark with it; positions are computed from
the counts alone, so that every machine draws the same bytes.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from markupsafe import Markup

from diffing.reports.tallies import Tally
from diffing.reports.visible import shortened, shown

if TYPE_CHECKING:
    from leather import Chart

WIDTH = 400
"""Units across; a phone shows about one a pixel, so that letters of 12 stay legible."""
_LETTER = 12
"""Units that a Korean letter takes on an axis."""
_NAME = 10
"""Korean letters of a source's name that stand beside its bar, and as many Latin ones as take their room."""
_LATIN = 0.6
"""Of the room of a Korean letter, what a Latin one takes."""
_BAR = 22
"""Units up and down that a bar takes."""
_LINES = 4
"""Lines across a picture, nought left out."""


def picture(tally: Tally, title: str, description: str, axis: str) -> Markup:
    """Draw a tally: columns for hours, else bars, each of which has room for its whole name.

    Args:
        tally: what is counted; it must count something.
        title: what the picture shows.
        description: what can be seen of it, for those who cannot.
        axis: what the names along it are.
    """
    # Loaded here: what only lists or crawls never draws.
    from leather import Chart

    chart = Chart()
    steps = _steps(max(n for _, n in tally.rows))
    if tally.subject != "hours":
        height = 70 + _BAR * len(tally.rows)
        _bars(chart, tally, steps)
    else:
        height = 230
        _columns(chart, tally, steps, axis)
    group = chart.to_svg_group(WIDTH, height)
    group.remove(group[0])  # the ground: the page has its own
    root = ElementTree.Element("svg", {"viewBox": f"0 0 {WIDTH} {height}", "role": "img"})
    root.set("aria-labelledby", f"{tally.subject}-title {tally.subject}-desc")
    for tag, said in (("title", title), ("desc", description)):
        ElementTree.SubElement(root, tag, {"id": f"{tally.subject}-{tag}"}).text = shown(said)
    root.append(group)
    for one in root.iter():
        for name in ("font-family", "font-size"):
            one.attrib.pop(name, None)
    return Markup(ElementTree.tostring(root, encoding="unicode"))  # noqa: S704 - the tree escapes what it writes


def _steps(most: int) -> list[int]:
    """Give the counts at which lines stand, whole numbers from nought to at least ``most``."""
    step = max(1, ceil(most / _LINES))
    return list(range(0, step * ceil(most / step) + 1, step))


def _bars(chart: Chart, tally: Tally, steps: list[int]) -> None:
    from leather import Axis

    class Names(Axis):  # type: ignore[misc]  # leather carries no types
        """An axis that leaves Korean names their room; leather counts with Latin letters."""

        def estimate_label_margin(self, scale: object, orient: str) -> int:  # noqa: ARG002
            """Give the units that the longest name takes."""
            return ceil(_LETTER * max(_room(_short(name)) for name, _ in tally.rows)) + 10

    chart.add_bars([(n, name) for name, n in tally.rows])
    chart.add_x_scale(0, steps[-1])
    chart.add_x_axis(ticks=steps, tick_formatter=lambda value, *_: f"{value:,}")
    chart.set_y_axis(Names(tick_formatter=lambda value, *_: _short(value)))


def _short(name: str) -> str:
    fitting = next((n for n in range(len(name), _NAME, -1) if _room(name[:n]) <= _NAME), _NAME)
    return shown(shortened(name, fitting))


def _room(name: str) -> float:
    """Give the room that a name takes, in Korean letters."""
    return sum(_LATIN if letter.isascii() else 1 for letter in name)


def _columns(chart: Chart, tally: Tally, steps: list[int], axis: str) -> None:
    names = [name for name, _ in tally.rows]
    every = 3 if len(names) > 12 else 2
    chart.add_columns(list(tally.rows))
    chart.add_y_scale(0, steps[-1])
    chart.add_y_axis(ticks=steps, tick_formatter=lambda value, *_: f"{value:,}")
    chart.add_x_axis(tick_formatter=lambda value, index, _: shown(value) if index % every == 0 else "", name=axis)
