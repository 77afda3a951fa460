"""A file of addresses: one a line, in any form in which a link of the portal is written, with comments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crawler.portal import Address, Portal

# "# a comment" at the start of a line or after a space; "#goList" belongs to an address
_COMMENT = re.compile(r"(?:^|\s)#(?:\s.*)?$|^#.*$")


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that holds no article's address: its number, and why not."""

    number: int
    why: str


def read(lines: Iterable[str], portal: Portal) -> Iterator[Address | BadLine]:
    """Read the lines; each address is given once, however it is written.

    Args:
        lines: As they stand in the file; empty ones and comments are passed over.
        portal: Whose address rules hold.
    """
    given: set[str] = set()
    for number, line in enumerate(lines, start=1):
        text = _COMMENT.sub("", line.strip().strip("\ufeff")).strip()
        if not text:
            continue
        address = portal.address(text)
        if address is None:
            yield BadLine(number, f"is no address of {portal.base}: {_shown(text)}")
        elif address.article is None:
            yield BadLine(number, f"is no article's address: {_shown(text)}")
        elif address.url not in given:
            given.add(address.url)
            yield address


def _shown(text: str) -> str:
    """Quote what stands there, cut and without what a terminal would act on."""
    plain = "".join(one if one.isprintable() else "\ufffd" for one in text)
    return plain if len(plain) <= 80 else plain[:79] + "…"
