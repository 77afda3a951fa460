"""The pages of a document as they are turned: which are looked into, and when it is asked whether there is an end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from crawler.body import Body
from crawler.notices import says_broken

SAMPLE = 10
"""Of so many pages of a document two are looked into while it is fetched, the first two to begin with."""
LONG = 20
"""Behind so many pages of a document it is asked whether it ends where reading it would: few releases are as long."""


@dataclass(slots=True)
class Turned:
    """How far a document was turned.

    Attributes:
        number: Which page is the next to come, from 1.
        beyond: What the viewer says of the last page that is read of any document, which nearly none has: that it is
            not there by its status (``absent``) or in words (``said-gone``); None before it was asked.
    """

    number: int = 1
    beyond: Literal["absent", "said-gone"] | None = None

    @property
    def is_sample(self) -> bool:
        """Whether the page that comes next is to be looked into."""
        return self.number % SAMPLE in {1, 2}

    def is_none(self, page: Body | None) -> bool:
        """Say of a page that was looked into whether it is none of a document."""
        # A cover may say no more than a notice.
        return page is None or (self.number > 1 and says_broken(page))
