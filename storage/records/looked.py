"""Reading, Check, Step: what a look at an article came to, and what looks together say of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.records.articles import Article
from storage.records.captured import Capture, Evidence
from storage.records.kinds import (
    FailureKind,
    Held,
    Outcome,
    State,
)


@dataclass(frozen=True, slots=True)
class Check:
    """One look at an article, whatever came of it; ``version`` is the version read, None when none was.

    ``url`` is the address asked, ``status`` and ``failure`` what came of that, ``last_modified`` the answer's
    Last-Modified as sent. ``unread`` names the parts of the version that this look
    did not read itself, files by their ids, pictures by their addresses and the document as ``body``: they are as an
    earlier look read them.
    """

    article: str
    checked_at: datetime
    outcome: Outcome
    version: int | None
    evidence: Evidence
    removal_checks: int
    removal_days: float
    held: Held = ""
    last_modified: str | None = None
    unread: frozenset[str] = frozenset()
    url: str = ""
    status: int | None = None
    failure: FailureKind | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of an article's state, with the look that made it.

    ``since`` is the first look of what led to it: of a removal the first look that found the article absent, while
    ``reached`` is the one with which there were enough of them.
    """

    state: State
    since: Check
    reached: Check


@dataclass(frozen=True, slots=True)
class Reading:
    """What the extractor made of one look: the capture it rests on, the outcome, and the article when it was read."""

    capture: Capture
    outcome: Outcome
    article: Article | None = None
    layout: str = ""
    extractor: str = ""
