"""The state the portal is in: what each article says now, what is hidden, gone or failing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from replica.article import Article, ReplicaError
from replica.switches import BadFile, Switches

How = Literal["404", "alert"]
"""How a missing article answers: status 404, or status 200 with an alert that says it does not exist."""


@dataclass(frozen=True, slots=True)
class Fault:
    """How an address fails instead of answering.

    - ``status``: answer with ``status`` (and ``Retry-After: retry_after`` seconds, if given).
    - ``firewall``: answer 200 with the firewall's page.
    - ``stall``: say nothing for ``seconds``, then close.
    - ``drop``: close the connection in the middle of the body.
    - ``redirect``: answer 302 to ``location``.

    With ``times`` the address recovers after so many failures.
    """

    kind: Literal["status", "firewall", "stall", "drop", "redirect"]
    status: int = 503
    retry_after: int | None = None
    seconds: float = 30.0
    location: str = "/"
    times: int | None = None


@dataclass(slots=True)
class State:
    """What is true of the portal now.

    Attributes:
        filed: Each article as its file says.
        articles: Each article as it is.
        switches: How the portal answers.
        hidden: Articles not yet published.
        removed: Articles taken away, and how they answer.
        former: The sections an article once stood in.
        faults: What fails, by article id or by path.
        files: What is given instead of an attachment, by file id.
        pictures: How often the bytes behind a picture's path have been replaced.
        changed: When each article was last edited, and how often: the open API's ModifyDate and ModifyId.
    """

    filed: dict[str, Article]
    articles: dict[str, Article]
    switches: Switches = field(default_factory=Switches)
    hidden: set[str] = field(default_factory=set)
    removed: dict[str, How] = field(default_factory=dict)
    former: dict[str, dict[str, How | Literal["redirect"]]] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    files: dict[str, BadFile] = field(default_factory=dict)
    pictures: dict[str, int] = field(default_factory=dict)
    changed: dict[str, tuple[datetime, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, articles: Iterable[Article], switches: Switches | None = None) -> State:
        """Begin with every article as filed."""
        filed = {one.id: one for one in articles}
        return cls(filed, dict(filed), switches or Switches())

    def article(self, article_id: str) -> Article:
        """Give the article's present state, also while it is hidden or removed.

        Raises:
            ReplicaError: There is no such article.
        """
        try:
            return self.articles[article_id]
        except KeyError:
            raise ReplicaError(f"the replica has no article {article_id}; its articles are its TOML files") from None

    def visible(self) -> list[Article]:
        """Give the articles that lists show, newest first."""
        shown = [one for one in self.articles.values() if one.id not in self.hidden and one.id not in self.removed]
        return sorted(shown, key=lambda one: (one.published, one.id), reverse=True)
