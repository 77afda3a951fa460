"""Migrations by their numbers: each is a function whose name begins with its own, by which a database knows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

Migration = Callable[["Database"], None]

_KNOWN: dict[str, Migration] = {}


def migration(deed: Migration) -> Migration:
    """Take a migration among those there are, ``m007_...`` after ``m006_...`` wherever they stand.

    Raises:
        ValueError: Its number is taken.
    """
    number = deed.__name__.partition("_")[0]
    if number in _KNOWN:
        raise ValueError(f"{deed.__name__} and {_KNOWN[number].__name__} have one number.")
    _KNOWN[number] = deed
    return deed


def in_order() -> list[Migration]:
    """Give all there are in the order in which they are applied."""
    return [_KNOWN[number] for number in sorted(_KNOWN)]
