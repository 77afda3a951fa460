"""What can happen to an article as a whole between two looks: gone, back, published, moved, blocked.

Each class is an action like those of :mod:`replica.actions`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from replica.sections import SectionName
from replica.state import Fault, How, State


@dataclass(frozen=True, slots=True)
class Remove:
    """Take the article away; its address then answers as ``how`` says."""

    article: str
    how: How = "404"

    def apply(self, state: State) -> None:
        """Mark the article as removed."""
        state.removed[self.article] = self.how


@dataclass(frozen=True, slots=True)
class Restore:
    """Bring a removed article back as it was."""

    article: str

    def apply(self, state: State) -> None:
        """Mark the article as there."""
        state.removed.pop(self.article, None)


@dataclass(frozen=True, slots=True)
class Hide:
    """Keep an article back that is to be published later."""

    article: str

    def apply(self, state: State) -> None:
        """Mark the article as not yet published."""
        state.hidden.add(self.article)


@dataclass(frozen=True, slots=True)
class Appear:
    """Publish an article that was kept back."""

    article: str

    def apply(self, state: State) -> None:
        """Mark the article as published."""
        state.hidden.discard(self.article)


@dataclass(frozen=True, slots=True)
class Move:
    """Take the article to another section; its old address redirects to the new one, or is gone as ``how`` says."""

    article: str
    section: SectionName
    how: How | Literal["redirect"] = "redirect"

    def apply(self, state: State) -> None:
        """Change the section and remember the old one."""
        old = state.article(self.article)
        former = state.former.setdefault(self.article, {})
        former[old.section] = self.how
        former.pop(self.section, None)
        state.articles[self.article] = replace(old, section=self.section)


@dataclass(frozen=True, slots=True)
class BlockByFirewall:
    """Let the firewall stand before the article, with status 200."""

    article: str

    def apply(self, state: State) -> None:
        """Set the fault."""
        state.faults[self.article] = Fault("firewall")


@dataclass(frozen=True, slots=True)
class ServerError:
    """Let the article's address answer with a server's error."""

    article: str
    status: int = 500
    retry_after: int | None = None

    def apply(self, state: State) -> None:
        """Set the fault."""
        state.faults[self.article] = Fault("status", status=self.status, retry_after=self.retry_after)


@dataclass(frozen=True, slots=True)
class Unblock:
    """Let a blocked or failing article answer again."""

    article: str

    def apply(self, state: State) -> None:
        """Take the fault away."""
        state.faults.pop(self.article, None)
