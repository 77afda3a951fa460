"""The portal itself: its articles, its clock, its script of edits, and a log of who came."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from replica.article import Article, ReplicaError
from replica.exchange import Answer, Request, Visit
from replica.filing import read_articles
from replica.moments import standard_script
from replica.noise import Noise
from replica.routes import Router
from replica.script import Expected, Moment
from replica.state import Fault, State
from replica.switches import Switches
from replica.truth import truth_of


class Portal:
    """A portal that answers requests and moves from moment to moment; safe to use from several threads.

    Args:
        articles: What it publishes.
        switches: How it answers where the real portal's behaviour is not known.
        script: Its moments, the first of which is the state at the start; the standard script by default.
    """

    def __init__(
        self, articles: Iterable[Article], *, switches: Switches | None = None, script: Sequence[Moment] | None = None
    ) -> None:
        filed = list(articles)
        if not filed:
            raise ReplicaError("a portal needs at least one article; add TOML files to the directory it is loaded from")
        self.state = State.of(filed, switches)
        self.moments = list(script) if script is not None else standard_script(filed)
        self.moment = 0
        self.base_url = "http://127.0.0.1"
        self.log: list[Visit] = []
        self._lock = threading.RLock()
        self._router = Router(self.state)
        self._renderings = 0
        newest = max(one.day for one in filed)
        # The clock starts the day after the newest article and runs by renderings, so that runs can be repeated.
        self._clock = datetime(newest.year, newest.month, newest.day, 11, 7) + timedelta(days=1)  # noqa: DTZ001 KST wall time
        for action in self.moments[0].actions if self.moments else ():
            action.apply(self.state)

    @classmethod
    def load(
        cls,
        directory: Path | str | None = None,
        *,
        switches: Switches | None = None,
        sections: Iterable[str] | None = None,
    ) -> Portal:
        """Make a portal of the article files below ``directory`` (default: those that come with the replica).

        Args:
            directory: Where the article files are.
            switches: How it answers where the real portal's behaviour is not known.
            sections: The sections to keep; all when None.

        Raises:
            ReplicaError: A file is missing or wrong; the message names file and key.
        """
        return cls(read_articles(None if directory is None else Path(directory), sections), switches=switches)

    @property
    def switches(self) -> Switches:
        """How the portal answers where that is open; set them at any time."""
        return self.state.switches

    def answer(self, request: Request) -> Answer:
        """Answer a request and note it in the log."""
        with self._lock:
            agent = request.headers.get("user-agent", "")
            self.log.append(Visit(request.method, request.target, agent, datetime.now(UTC), dict(request.headers)))
            self._renderings += 1
            self._clock += timedelta(minutes=1)
            return self._router.answer(request, Noise(self._renderings, self._clock))

    def advance(self) -> Moment:
        """Let the next moment happen and give it.

        Raises:
            ReplicaError: The script is at its end.
        """
        with self._lock:
            if self.moment + 1 >= len(self.moments):
                raise ReplicaError(f"the script ends with moment {self.moment}; serve the portal anew to begin again")
            self.moment += 1
            self._clock += timedelta(days=1)
            before = dict(self.state.articles)
            for action in self.moments[self.moment].actions:
                action.apply(self.state)
            for article_id, article in self.state.articles.items():
                if _told(article) != _told(before[article_id]):
                    self.state.changed[article_id] = (self._clock, self.state.changed.get(article_id, (None, 0))[1] + 1)
            return self.moments[self.moment]

    def expected(self) -> tuple[Expected, ...]:
        """Give the changes that a look at the present moment, after one at the moment before, must find."""
        return self.moments[self.moment].expected if self.moments else ()

    def fail(self, key: str, fault: Fault) -> None:
        """Let an article (by id) or a path fail from now on."""
        with self._lock:
            self.state.faults[key] = fault

    def heal(self, key: str) -> None:
        """Let an article or a path answer again."""
        with self._lock:
            self.state.faults.pop(key, None)

    def truth(self, article_id: str) -> dict[str, Any]:
        """Say what an article says now, in the shape in which it is to be reported, addresses under ``base_url``.

        Raises:
            ReplicaError: There is no such article.
        """
        with self._lock:
            return truth_of(self.state.article(article_id), self.base_url)

    def shown(self) -> list[str]:
        """Give the ids of the articles that lists show now, newest first."""
        with self._lock:
            return [one.id for one in self.state.visible()]


def _told(article: Article) -> Article:
    """Give what the publisher's own signal counts as an edit: all but the bytes behind an unchanged file id."""
    return replace(article, attachments=tuple(replace(one, text=()) for one in article.attachments))
