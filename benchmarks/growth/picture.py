"""Cost curves as one SVG picture by leather: a chart a stage, the archive's size along it, the cost of one up it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log10
from pathlib import Path

import leather

_ACROSS = 3
_WIDTH, _HEIGHT = 360, 230


def draw(curves: Mapping[str, Sequence[tuple[int, float]]], path: Path) -> None:
    """Draw what one unit cost at each size, stage by stage; a flat line is a cost that grows as the archive does.

    Args:
        curves: By the stage's name with what it is counted in: sizes and microseconds of CPU.
        path: Where to; leather draws the same bytes of the same figures.
    """
    grid = leather.Grid()
    for name, points in curves.items():
        chart = leather.Chart(f"{name}, µs")
        most = max(cost for _, cost in points)
        sizes = sorted(size for size, _ in points)
        chart.add_x_scale(log10(sizes[0]) - 0.05, log10(sizes[-1]) + 0.05)
        chart.add_y_scale(0, most * 1.25)
        chart.add_x_axis(ticks=[log10(one) for one in sizes], tick_formatter=_size, name="captures")
        chart.add_line([(log10(size), cost) for size, cost in points])
        grid.add_one(chart)
    rows = -(-len(curves) // _ACROSS)
    grid.to_svg(str(path), width=_WIDTH * _ACROSS, height=_HEIGHT * rows)


def _size(value: float, *_: object) -> str:
    size = round(10**value)
    return f"{size // 1_000_000}M" if size >= 1_000_000 else f"{size // 1_000}k"
