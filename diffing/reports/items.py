"""An image, attachment or link that differs, as a report shows it: its parts by name, and of equal ones the telling.

:mod:`diffing.fields` writes such an item as one line with tabs, an address or a name first. People are shown what it
is, its words first, and which of its parts went and came.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Literal

from diffing import words as marks
from diffing.reports.phrases import Words
from diffing.reports.sentences import say
from storage.records import Op

WordRun = tuple[Literal["keep", "insert", "delete"], str]

PARTS: Mapping[str, Sequence[str]] = {
    "images": ("address", "alt", "caption", "content"),
    "attachments": ("file-name", "file-id", "content"),
    "links": ("words", "address"),
}
"""The parts of a line, by the field it stands in."""
_SHOWN: Mapping[str, Sequence[str]] = {**PARTS, "images": ("caption", "alt", "content", "address")}
"""The parts in the order in which people are shown them: what a picture shows before where it lies."""
_SAYS_WHAT_IT_IS = frozenset({"address", "file-name", "alt", "caption", "words"})
"""Parts that are shown though they are equal."""
_IN_WORDS = frozenset({"file-name", "alt", "caption", "words"})
"""Parts in which single words may differ."""
_DIGEST = re.compile(r"\b(sha256:[0-9a-f]{12})[0-9a-f]{52}\b")
"""A file's digest, ``sha256:`` and 64 figures; a reader needs no more of it than tells two files apart."""


def runs(field: str, op: Op, words: Words) -> tuple[WordRun, ...]:
    """Give the words of a step of one of these fields: the parts that differ, and what the item is.

    Args:
        field: The field, a key of :data:`PARTS`.
        op: The step, old and new each a line with tabs, None where there is no such side.
        words: The language in which parts are named.

    Returns:
        Runs of kept, deleted and inserted text. A digest is cut to its first letters, the data formats have it whole;
        an alternative text that is the caption once more is left out.
    """
    found: list[WordRun] = []
    sides = (op.old or "").split("\t"), (op.new or "").split("\t")
    repeated = all(len(side) < 3 or side[1] == side[2] for side in sides)
    told = dict(zip(PARTS[field], zip_longest(*sides, fillvalue=""), strict=False))
    for name in _SHOWN[field]:
        old, new = told.get(name, ("", ""))
        if (name == "alt" and repeated) or (old == new and (not old or name not in _SAYS_WHAT_IT_IS)):
            continue
        # What comes first needs no name but one that could be taken for a caption.
        if found or name == "alt":
            found.append(("keep", (" · " if found else "") + say(words, f"part-{name}") + " "))
        found += _part(name, old, new)
    return tuple(found)


def name(field: str, line: str) -> str:
    """Give what an item is called: of an image its caption, else its alternative text, else its address."""
    told = dict(zip(PARTS[field], line.split("\t"), strict=False))
    return next((told[part] for part in ("caption", "alt", "words", "file-name", "address") if told.get(part)), "")


def image(line: str | None) -> tuple[str, str]:
    """Give the address of an image and its digest, each empty where the line of one has none."""
    parts = (line or "").split("\t")
    return parts[0], parts[3] if len(parts) > 3 else ""


def _part(name: str, old: str, new: str) -> Iterator[WordRun]:
    if old == new or name in _IN_WORDS:
        yield from marks.diff(old, new)
        return
    for tag, text in (("delete", old), ("insert", new)):
        if text:
            yield tag, _DIGEST.sub(r"\1…", text)  # type: ignore[misc]  # one of the two tags
