"""Cost curves as one SVG picture by leather: a chart a stage, the archive's size along it, the cost of one up it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, log10, sqrt
from pathlib import Path

import leather

_WIDTH, _HEIGHT = 330, 250
_COLOUR = "#c0392b"
_LOOK = {
    "background_color": "#ffffff", "margin": 0.07, "title_color": "#222", "title_font_size": 14,
    "title_font_family": "sans-serif", "axis_title_color": "#444", "axis_title_font_size": 13,
    "axis_title_font_family": "sans-serif", "label_color": "#444", "tick_font_size": 12,
    "tick_font_family": "sans-serif", "tick_color": "#ddd",
}  # fmt: skip
"""What the charts look like: dark on a white ground of their own, so that a dark page leaves them readable."""


def draw(curves: Mapping[tuple[str, str], Sequence[tuple[int, float]]], path: Path) -> None:
    """Draw what one unit cost at each size, stage by stage; a flat line is a cost that grows as the archive does.

    Args:
        curves: By the stage's name and what it is counted in: numbers of captures and microseconds of CPU.
        path: Where to; leather draws the same bytes of the same figures.
    """
    for name, value in _LOOK.items():
        setattr(leather.theme, name, value)
    grid = leather.Grid()
    for (name, unit), points in curves.items():
        chart = leather.Chart(name)
        sizes = sorted(size for size, _ in points)
        chart.add_x_scale(log10(sizes[0]) - 0.15, log10(sizes[-1]) + 0.15)
        chart.add_y_scale(0, max(cost for _, cost in points) * 1.25)
        # Labels of sizes between powers of ten would run into those beside them.
        powers = [log10(one) for one in sizes if log10(one).is_integer()]
        chart.add_x_axis(ticks=powers, tick_formatter=_size, name="captures")
        chart.add_y_axis(name=f"µs {unit}")
        chart.add_line([(log10(size), cost) for size, cost in points], stroke_color=_COLOUR)
        grid.add_one(chart)
    across = ceil(sqrt(len(curves)))  # as leather lays out a grid
    grid.to_svg(str(path), width=_WIDTH * across, height=_HEIGHT * ceil(len(curves) / across))


def _size(value: float, *_: object) -> str:
    size = round(10**value)
    return f"{size // 1_000_000}M" if size >= 1_000_000 else f"{size // 1_000}k"
