"""Run the spider in this process against a portal on loopback, as ``gochim crawl`` does, without its start-up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cli.database import recover
from cli.options import Place
from cli.passes import catch_up
from cli.running import Outcome, run
from replica.server import RunningPortal
from storage.archive import Archive
from tests.runs import Desk


@dataclass(frozen=True, slots=True)
class Crawled:
    """How a run ended, and the addresses it asked the portal for (method, path and query)."""

    outcome: Outcome
    asked: list[tuple[str, str]]

    def count(self, start: str) -> int:
        return sum(target.startswith(start) for _, target in self.asked)

    @property
    def articles(self) -> list[str]:
        return [target for _, target in self.asked if "View.do" in target or "/video/index.html?" in target]


def crawl(desk: Desk, portal: RunningPortal, **given: Any) -> Crawled:
    """Crawl once, with the second pass before and after."""
    archive = Archive(desk.root)
    place = Place(archive, quiet=True)
    db = archive.database()
    recover(archive, db, place.portal())
    before = len(portal.portal.log)
    asked: dict[str, Any] = {
        "section": "", "since": "", "until": "", "ministries": (), "query": "", "urls": (), "sitemap": False,
        "recheck": "none", "max_requests": None, "max_minutes": None,
    } | given  # fmt: skip
    with archive.locked():
        outcome = run(place, asked)
        catch_up(archive, db, place.portal())
    db.close()
    return Crawled(outcome, [(one.method, one.path) for one in portal.portal.log[before:]])
