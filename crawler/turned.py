"""The pages of a document as they are turned: whether one follows, or whoever answers would answer any number so."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from crawler.body import Body
from crawler.notices import says_broken

SAMPLE = 10
"""Of so many pages of a document two are looked into while it is fetched, the first two to begin with."""
ALIKE = 10
"""So many pages of a document on end that are the same to the byte are no pages: every number is answered so."""
ALIKE_SAMPLES = 6
"""The like of pages that were looked into and say the same, whatever else differs in their bytes."""
NOTICE = 200
"""Characters of a page up to which its figures do not count in this: a notice may hold its number or the time."""

# "17쪽은 없습니다 (14:05)": the figures by which one notice differs from the next
_DIGITS = re.compile(r"[0-9]+")


@dataclass(slots=True)
class Turned:
    """What is known of the pages that were turned so far.

    Attributes:
        number: Which page is the next to come, from 1.
    """

    number: int = 1
    _before: bytes = b""
    _alike: int = 0
    _said: str = ""
    _samples: int = 0

    @property
    def is_sample(self) -> bool:
        """Whether the page that comes next is to be looked into."""
        return self.number % SAMPLE in {1, 2}

    def repeats(self, body: bytes | None) -> bool:
        """Say of a page that came, None for one that is as it was, whether too many on end are the same to the byte."""
        digest = hashlib.sha256(body).digest() if body is not None else b""
        self._alike = self._alike + 1 if digest and digest == self._before else 1
        self._before = digest
        return self._alike == ALIKE

    def is_none(self, page: Body | None) -> bool:
        """Say of a page that was looked into whether it is none of a document."""
        # A cover may say no more than a notice.
        if page is None or (self.number > 1 and says_broken(page)):
            return True
        said = _said(page)
        self._samples = self._samples + 1 if said and said == self._said else 1
        self._said = said
        return self._samples == ALIKE_SAMPLES


def _said(page: Body) -> str:
    """Give what a page says, by which it is told from others: its text, and which pictures it shows; "" for no words.

    A page on which nothing but its number stands may be one of many blank ones.
    """
    text = "\n".join(block.text for block in page.blocks)
    text = _DIGITS.sub("", text) if len(text) <= NOTICE else text
    return "\n".join((text, *(image.src for image in page.images))) if any(map(str.isalpha, text)) else ""
